import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aggregation } from '@attest/aggregation';
import { eventually, startServiceUnderTest, type SeenEvent, type ServiceUnderTest } from '@attest/testing';
import {
  startAmendments,
  type AmendmentsUnderTest,
} from '../../services/extraction-intake/test/amendments-under-test.js';

let intake: AmendmentsUnderTest;
let figures: ServiceUnderTest;
let said: readonly SeenEvent[];
beforeAll(async () => {
  intake = await startAmendments();
  // The same topics, another service and database.
  figures = await startServiceUnderTest(aggregation, { TOPIC_PREFIX: intake.env['TOPIC_PREFIX'] });
  said = await intake.topics.collect('achievements');
}, 90_000);
afterAll(async () => {
  await figures?.close();
  await intake?.close();
});

it('an accepted amendment becomes a new figure by itself, made from the new page and naming the amendment', async () => {
  const page = await intake.aPage();
  const figure = (pence: string) =>
    eventually(
      () =>
        said.find(
          ({ type, data }) =>
            type === 'achievement.calculated.v1' &&
            data.serviceCode === page.serviceCode &&
            data.organisationCode === page.practiceCode &&
            data.pence === pence,
        ),
      { withinMs: 30_000 },
    );
  const before = await figure('100600');
  const id = await intake.asked(page, 104);
  expect((await intake.decide(id, 'accept', 'approver')).status).toBe(200);
  const after = await figure('104624');
  expect(after.data.figureRevision).toBe(before.data.figureRevision + 1);
  expect(after.data.inputs).toContainEqual({
    source: 'page',
    key: `${page.serviceCode}|${page.achievementDate}|${page.practiceCode}`,
    version: 2,
  });
  const { rows } = await figures.database.query<{ page_version: number; amendment_id: string }>(
    'SELECT page_version, amendment_id FROM page WHERE achievement_date = $1 AND practice_code = $2',
    [page.achievementDate, page.practiceCode],
  );
  expect(rows).toEqual([{ page_version: 2, amendment_id: id }]);
  // What aggregation does not read in the same topic is passed over, not parked.
  expect((await figures.database.query('SELECT FROM dead_letter')).rowCount).toBe(0);
});
