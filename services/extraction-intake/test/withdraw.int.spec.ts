import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type Answer } from '@attest/testing';
import { LATER, startAmendments, type AmendmentsUnderTest, type APage } from './amendments-under-test.js';
import { cqrsRow, OPERATOR, qofFile } from './intake-under-test.js';

const SECOND = 'operator-two';
let intake: AmendmentsUnderTest;
beforeAll(async () => {
  // Small enough that two practices are many.
  intake = await startAmendments({ WITHDRAWAL_TWO_PEOPLE_FROM_PAGES: '2' });
  await intake.know([], [{ personId: SECOND, role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' }]);
});
afterAll(() => intake.close());

const pageOf = async ({ serviceCode, achievementDate, practiceCode }: APage) =>
  (await intake.get(OPERATOR, `pages/${serviceCode}/${achievementDate}/${practiceCode}`)).body;
const dosesOf = ({ versions }: { versions: { values: { value: number | null }[] }[] }) =>
  versions.map(({ values }) => values[0]!.value);
const fileOf = async (page: APage, version = 0): Promise<string> =>
  (await pageOf(page)).versions[version].fileId as string;
const withdraw = (fileId: string, personId = OPERATOR): Promise<Answer> =>
  intake.post(personId, `extract-files/${fileId}/withdrawal`, { reason: 'The wrong month.' });
const lookAt = async (fileId: string, query = '') =>
  (await intake.get(OPERATOR, `extract-files/${fileId}/withdrawal${query}`)).body;
const told = (page: APage, pageVersion: number) =>
  eventually(
    () =>
      intake.seen.find(
        ({ type, data }) =>
          type === 'page.amended.v1' &&
          data.serviceCode === page.serviceCode &&
          data.achievementDate === page.achievementDate &&
          data.practiceCode === page.practiceCode &&
          data.pageVersion === pageVersion,
      ),
    { withinMs: 30_000 },
  );

describe('withdrawing a file', () => {
  it('makes what stood before stand again, as a new version with its event', async () => {
    const page = await intake.aPage(100);
    const { body: wrong } = await intake.supplied(page, 10, 6);
    const preview = await lookAt(wrong.fileId as string);
    expect(preview).toMatchObject({
      withdrawal: null,
      needsSecondPerson: false,
      periods: [{ serviceCode: page.serviceCode, changed: 1, emptied: 0 }],
      items: [{ practiceCode: page.practiceCode, becomes: 'earlier-values' }],
    });
    expect((await withdraw(wrong.fileId as string)).body).toMatchObject({
      state: 'withdrawn',
      requestedBy: OPERATOR,
    });
    const shown = await pageOf(page);
    expect(dosesOf(shown)).toEqual([100, 10, 100]);
    expect(shown.versions[0]).toMatchObject({ fileId: shown.versions[2].fileId, nothingStands: false });
    expect((await told(page, 3)).data).toMatchObject({ values: [100], fileId: shown.versions[2].fileId });
    const receipt = await intake.get(OPERATOR, `extract-files/${wrong.fileId}`);
    expect(receipt.body.withdrawnAt).not.toBeNull();
    expect((await lookAt(wrong.fileId as string)).history).toMatchObject([
      { to: 'withdrawn', personId: OPERATOR, reason: 'The wrong month.' },
    ]);
  });

  it('that brought the first values leaves nothing standing, and what comes next is received', async () => {
    const page = await intake.aPage(100);
    const fileId = await fileOf(page);
    const received = async () => {
      const query = `serviceCode=${page.serviceCode}&achievementDate=${page.achievementDate}`;
      return (await intake.get(OPERATOR, `completeness?${query}`)).body.items[0].received as number;
    };
    const before = await received();
    await withdraw(fileId);
    expect((await pageOf(page)).versions[0]).toMatchObject({
      nothingStands: true,
      values: [{ value: null }],
    });
    expect((await told(page, 2)).data).toMatchObject({ nothingStands: true, values: [null] });
    expect(await received()).toBe(before - 1);
    expect((await intake.ask(page, 104)).body.code).toBe('PAGE_UNKNOWN');
    expect((await intake.supplied(page, 90, 4)).body.counts).toMatchObject({ pagesReceived: 1 });
    expect(await received()).toBe(before);
  });

  it('leaves an amendment standing, also one of the values that the file had brought', async () => {
    const page = await intake.aPage(100);
    const { body: second } = await intake.supplied(page, 102, 6);
    const amendmentId = await intake.asked(page, 104);
    expect((await intake.decide(amendmentId, 'accept', 'approver')).status).toBe(200);
    expect((await withdraw(second.fileId as string)).status).toBe(201);
    expect((await pageOf(page)).versions[0]).toMatchObject({ pageVersion: 3, amendmentId });
    // The supplier says what stood before the withdrawn file: the amendment stands against that, too.
    expect((await intake.supplied(page, 100, LATER)).body.counts).toMatchObject({ pagesSuperseded: 1 });
  });

  it('makes an amendment stand again that the file had overtaken', async () => {
    const page = await intake.aPage(100);
    const amendmentId = await intake.asked(page, 104);
    await intake.decide(amendmentId, 'accept', 'approver');
    const { body: later } = await intake.supplied(page, 10, LATER);
    expect((await lookAt(later.fileId as string)).items).toMatchObject([{ becomes: 'amendment' }]);
    await withdraw(later.fileId as string);
    expect((await pageOf(page)).versions[0]).toMatchObject({
      pageVersion: 4,
      amendmentId,
      values: [{ value: 104 }],
    });
  });

  it('changes no value that another file had said as well', async () => {
    const page = await intake.aPage(100);
    const fileId = await fileOf(page);
    const { body: same } = await intake.supplied(page, 100, 6);
    expect(await lookAt(fileId)).toMatchObject({
      periods: [{ changed: 0 }],
      items: [{ becomes: 'same-values' }],
    });
    await withdraw(fileId);
    expect((await pageOf(page)).versions[0]).toMatchObject({ pageVersion: 2, fileId: same.fileId });
  });

  it('lets an older submission stand that it had superseded', async () => {
    const page = await intake.aPage(100);
    const fileId = await fileOf(page);
    await intake.supplied(page, 90, 4);
    await withdraw(fileId);
    expect(dosesOf(await pageOf(page))).toEqual([90, 100]);
  });

  it('takes back also a value that a later file had left standing', async () => {
    const page = { serviceCode: 'QOFTEST', achievementDate: '2026-06-30', practiceCode: 'A90001' };
    const send = (numerator: number, note: string) =>
      intake.send(
        qofFile([
          'A90001,AST001,REGISTER,310',
          `A90001,AST002,NUMERATOR,${numerator}`,
          'A90001,AST002,DENOMINATOR,300',
          `A90001,AST002,NOTE,${note}`,
        ]),
        { layout: 'qof-long', fileName: 'q.csv', serviceCode: 'QOFTEST', achievementDate: '2026-06-30' },
      );
    const { body: first } = await send(240, '5');
    await send(241, '*');
    const valuesOf = async () =>
      (await pageOf(page)).versions[0].values.map(({ value }: { value: number | null }) => value);
    expect(await valuesOf()).toEqual([310, 241, 300, 5]);
    await withdraw(first.fileId as string);
    expect(await valuesOf()).toEqual([310, 241, 300, null]);
  });

  it('leaves the page as new as the newest file that said it, until that is withdrawn, too', async () => {
    const page = await intake.aPage(100);
    const { body: repeats } = await intake.supplied(page, 100, 8);
    const { body: wrong } = await intake.supplied(page, 10, 9);
    await withdraw(wrong.fileId as string);
    expect((await intake.supplied(page, 50, 7)).body.counts).toMatchObject({ pagesSuperseded: 1 });
    expect(dosesOf(await pageOf(page))).toEqual([100, 10, 100]);
    await withdraw(repeats.fileId as string);
    expect(dosesOf(await pageOf(page))[0]).toBe(50);
  });

  it('that alone had made a page newer lets an older one count again', async () => {
    const page = await intake.aPage(100);
    const { body: repeats } = await intake.supplied(page, 100, 8);
    const { body: wrong } = await intake.supplied(page, 10, 9);
    await withdraw(wrong.fileId as string);
    await withdraw(repeats.fileId as string);
    expect((await intake.supplied(page, 50, 7)).body.counts).toMatchObject({ pagesAmended: 1 });
  });

  it('ends an open request about its values, and the same bytes may be sent again', async () => {
    const page = await intake.aPage(100);
    const { body: second } = await intake.supplied(page, 10, 6);
    const amendmentId = await intake.asked(page, 12);
    await withdraw(second.fileId as string);
    const request = await intake.get('approver', `amendment-requests/${amendmentId}`);
    expect(request.body.state).toBe('superseded');
    const again = await intake.supplied(page, 10, 6);
    expect(again.body).toMatchObject({ repeated: false, counts: { pagesAmended: 1 } });
  });
});

describe('withdrawing a file that changes many pages', () => {
  const aFile = async (date: string): Promise<string> => {
    const rows = ['A90001', 'A90002'].map((org) => cqrsRow({ org, date, value: 7 }));
    return (await intake.cqrs(rows)).body.fileId as string;
  };
  const step = (fileId: string, name: string, personId: string) =>
    intake.post(personId, `extract-files/${fileId}/withdrawal/${name}`, { reason: 'As agreed.' });

  it('waits for another person, and the first cannot be that', async () => {
    const fileId = await aFile('20260731');
    expect(await lookAt(fileId, '?limit=1')).toMatchObject({ needsSecondPerson: true, items: [{}] });
    expect((await withdraw(fileId)).body).toMatchObject({ state: 'awaiting-confirmation', decidedBy: null });
    expect((await withdraw(fileId, SECOND)).body.code).toBe('WITHDRAWAL_AWAITS_CONFIRMATION');
    expect((await step(fileId, 'confirm', OPERATOR)).body.code).toBe('SAME_PERSON');
    const page = { serviceCode: 'VAX', achievementDate: '2026-07-31', practiceCode: 'A90001' };
    expect(dosesOf(await pageOf(page))).toEqual([7]);
    expect((await step(fileId, 'confirm', SECOND)).body).toMatchObject({
      state: 'withdrawn',
      decidedBy: SECOND,
    });
    expect((await pageOf(page)).versions[0].nothingStands).toBe(true);
    expect((await withdraw(fileId)).body.code).toBe('FILE_WITHDRAWN');
    expect((await intake.post(OPERATOR, `extract-files/${fileId}/read-again`)).body.code).toBe(
      'FILE_WITHDRAWN',
    );
  });

  it('may be dropped, and asked for anew', async () => {
    const fileId = await aFile('20260630');
    await withdraw(fileId);
    expect((await step(fileId, 'drop', SECOND)).body.state).toBe('dropped');
    expect((await step(fileId, 'confirm', SECOND)).body.code).toBe('WITHDRAWAL_UNKNOWN');
    expect((await withdraw(fileId)).body.state).toBe('awaiting-confirmation');
  });
});

it.each([
  ['no reason', OPERATOR, {}, 400, 'REASON_MISSING'],
  ['a person without the role', 'declarer-one', { reason: 'Mine.' }, 403, 'ROLE_MISSING'],
  ['a role that is not for England', 'icb-sender', { reason: 'Mine.' }, 403, 'NOT_YOUR_ORGANISATION'],
])('%s withdraws nothing', async (_name, personId, body, status, code) => {
  const page = await intake.aPage(100);
  const answer = await intake.post(personId, `extract-files/${await fileOf(page)}/withdrawal`, body);
  expect(answer).toMatchObject({ status, body: { code } });
  expect(dosesOf(await pageOf(page))).toEqual([100]);
});
