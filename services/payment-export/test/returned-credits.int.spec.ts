import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { londonDate } from '@attest/calendar';
import { eventually } from '@attest/testing';
import { accept, linesIn, putBack, reject, type Line } from './answer-lines.js';
import { aDeclaration, practice, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

let world: PaymentsWorld;
const lines: Line[] = [];
const TODAY = londonDate(new Date());
const dayBefore = (days: number) => londonDate(new Date(Date.now() - days * 86_400_000));

beforeAll(async () => {
  world = await startPaymentsWorld();
  await world.approve(
    ...Array.from({ length: 8 }, (_, n) => aDeclaration({ organisationCode: practice(n), pence: '10000' })),
  );
  const run = await world.release();
  lines.push(...linesIn(world.fileStore, run.files[0].fileName as string));
  await world.acknowledge(lines.slice(0, 5).map((line) => accept(line)));
});
afterAll(() => world?.close());

const accountOf = async (n: number) =>
  (await world.service.get('finance', `accounts/${practice(n)}/XVI2223`)).body;
const codeOf = async (line: string) => {
  const { body } = await world.acknowledge([line], 'returns.csv');
  const { items } = (await world.service.get('agency', `acknowledgement-files/${body.fileId}/lines`)).body;
  return items[0].code ?? items[0].state;
};

describe('a credit that comes back after it was accepted', () => {
  it('is told, reversed in the ledger, and paid by the next attempt to the account of that day', async () => {
    const [line] = lines as [Line];
    const { body } = await world.acknowledge([putBack(line, TODAY)], 'wednesday.csv');
    expect(body).toMatchObject({ applied: 1, quarantined: 0 });
    const told = await eventually(() =>
      world.told(line.id).find(({ type }) => type === 'payment.returned.v1'),
    );
    expect(told.data).toMatchObject({
      attempt: 1,
      pence: '10000',
      returnedOn: TODAY,
      reasonCode: 'ARUCS-B',
      reason: 'The account is closed.',
    });
    const account = await accountOf(0);
    expect(account.entries.items.map(({ kind, pence }: never) => [kind, pence])).toEqual([
      ['entitlement', '10000'],
      ['sealed', '10000'],
      ['paid', '10000'],
      ['returned', '10000'],
    ]);
    expect(account.achievements[0]).toMatchObject({ rejected: '10000', paid: '0', owed: '10000' });
    // Nothing goes before two people have corrected it.
    await eventually(() => world.neighbours.declarations.get(line.id)!.status === 'REJECTED_BY_AGENCY');
    expect(await world.release()).toMatchObject({ listed: 0, files: [] });
    const corrected = {
      ...world.neighbours.declarations.get(line.id)!,
      status: 'FINANCIALLY_APPROVED' as const,
      attempt: 2,
      runId: null,
      revision: 40,
    };
    await world.neighbours.declare('declaration.corrected.v1', corrected);
    await world.knows(corrected);
    const run = await world.release();
    const [again] = linesIn(world.fileStore, run.files[0].fileName as string);
    expect(again).toMatchObject({ id: line.id, attempt: '2', pence: '10000' });
    expect((await world.acknowledge([accept(again!)], 'second.csv')).body.applied).toBe(1);
    expect((await accountOf(0)).achievements[0]).toMatchObject({
      sealed: '20000',
      rejected: '10000',
      paid: '10000',
      owed: '0',
    });
    // Of the first attempt nothing moves any more.
    expect(await codeOf(putBack(line, TODAY, 'Told again.'))).toBe('repeated');
    expect(await codeOf(reject(line))).toBe('ANSWERS_CONTRADICT');
  });

  it.each([
    [
      'ANSWERS_CONTRADICT',
      'in one file with its acceptance',
      () => [accept(lines[1]!), putBack(lines[1]!, TODAY)],
    ],
    ['RETURN_NOT_ACCEPTED', 'that nobody accepted', () => [putBack(lines[5]!, TODAY)]],
    ['RETURN_DATE_IMPOSSIBLE', 'before its line was sealed', () => [putBack(lines[1]!, dayBefore(2))]],
    ['RETURN_DATE_IMPOSSIBLE', 'on a day to come', () => [putBack(lines[1]!, dayBefore(-2))]],
    ['RETURN_DATE_MISSING', 'on no day', () => [putBack(lines[1]!, '')]],
    ['AMOUNT_DIFFERS', 'in part', () => [putBack({ ...lines[1]!, pence: '5000' }, TODAY)]],
  ])('is kept aside with %s %s', async (code, _, texts) => {
    const { body } = await world.acknowledge(texts(), 'odd.csv');
    expect(body).toMatchObject({ applied: 0, quarantined: body.lines });
    const { items } = (await world.service.get('finance', 'acknowledgement-files/quarantined-answers')).body;
    expect(items[0].code).toBe(code);
    expect(await accountOf(1)).toMatchObject({ achievements: [{ paid: '10000', rejected: '0' }] });
  });

  it('on two days is looked into', async () => {
    expect(await codeOf(putBack(lines[2]!, TODAY))).toBe('applied');
    expect(await codeOf(putBack(lines[2]!, dayBefore(1)))).toBe('ANSWERS_CONTRADICT');
    // An acceptance that comes late says what was known before it came back.
    expect(await codeOf(accept(lines[2]!))).toBe('repeated');
    const { items } = (await world.service.get('finance', 'acknowledgement-files/quarantined-answers')).body;
    expect(items[0]).toMatchObject({ attempt: 1, lineState: 'returned', newestLineState: 'returned' });
  });
});
