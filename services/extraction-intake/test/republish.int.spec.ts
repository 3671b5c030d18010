import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, republished } from '@attest/testing';
import { startAmendments, type AmendmentsUnderTest, type APage } from './amendments-under-test.js';
import { PATIENCE } from './intake-under-test.js';

let intake: AmendmentsUnderTest;
let amended: APage;
let untouched: APage;

beforeAll(async () => {
  intake = await startAmendments();
  [amended, untouched] = [await intake.aPage(), await intake.aPage()];
  const accepted = await intake.asked(amended);
  const { status, body } = await intake.decide(accepted, 'accept', 'approver', { reason: 'It is so.' });
  expect([status, body]).toEqual([200, body]);
  await intake.asked(untouched);
  await eventually(
    () => intake.seen.filter(({ type }) => type.startsWith('amendment.')).length === 3,
    PATIENCE,
  );
});
afterAll(() => intake?.close());

it('pages, amendments and completeness are told again as they were told last', async () => {
  const told = await republished(intake, 'submissions');
  const newestOf = (types: RegExp, of: (data: { amendmentId?: string }) => boolean = () => true) =>
    intake.seen.findLast(({ type, data }) => types.test(type) && of(data))!.data;
  const ofPage = (page: APage) => (data: unknown) => {
    const { practiceCode, achievementDate } = data as APage;
    return practiceCode === page.practiceCode && achievementDate === page.achievementDate;
  };
  const of = (type: string) => told.filter((event) => event.type === type).map(({ data }) => data);
  expect(of('page.amended.v1')).toEqual(
    [amended, untouched].map((page) => newestOf(/^page\./, ofPage(page))),
  );
  expect(of('amendment.decided.v1')).toEqual([newestOf(/^amendment\.decided/)]);
  expect(of('amendment.requested.v1')).toEqual([newestOf(/^amendment\.requested/)]);
  for (const data of of('period-completeness.recorded.v1')) {
    const { serviceCode, achievementDate } = data;
    const said = intake.seen.findLast(
      (event) =>
        event.type === 'period-completeness.recorded.v1' &&
        event.data.serviceCode === serviceCode &&
        event.data.achievementDate === achievementDate,
    );
    expect(data).toEqual(said!.data);
  }
  const some = await republished(intake, 'submissions', [amended.practiceCode]);
  expect(some.map(({ type }) => type)).not.toContain('period-completeness.recorded.v1');
});
