import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aggregation } from '@attest/aggregation';
import { declarationWorkflow } from '@attest/declaration-workflow';
import { eventually, startServiceUnderTest, type SeenEvent, type ServiceUnderTest } from '@attest/testing';
import {
  startAmendments,
  type AmendmentsUnderTest,
} from '../../services/extraction-intake/test/amendments-under-test.js';

let intake: AmendmentsUnderTest;
let figures: ServiceUnderTest;
let declarations: ServiceUnderTest;
let said: readonly SeenEvent[];
beforeAll(async () => {
  intake = await startAmendments();
  // The same topics, other services and databases.
  const topics = { TOPIC_PREFIX: intake.env['TOPIC_PREFIX'] };
  figures = await startServiceUnderTest(aggregation, topics);
  declarations = await startServiceUnderTest(declarationWorkflow, topics);
  said = await intake.topics.collect('achievements');
}, 180_000);
afterAll(async () => {
  await declarations?.close();
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

it('before the payment is confirmed it reopens what was declared, with old and new amount', async () => {
  const page = await intake.aPage();
  const query = `declarations?serviceCode=${page.serviceCode}&achievementDate=${page.achievementDate}&organisationCode=${page.practiceCode}`;
  const found = async (pence: string, status: string) =>
    eventually(
      async () => {
        const { body } = await declarations.get('declarer-one', query);
        return (body.items ?? []).find(
          (one: { pence: string; status: string }) => one.pence === pence && one.status === status,
        );
      },
      { withinMs: 30_000 },
    );
  const open = await found('100600', 'AWAITING_PROVIDER_APPROVAL');
  const declared = await declarations.post(
    'declarer-one',
    `declarations/${open.declarationId}/declare`,
    {},
    { 'if-match': `"${open.revision}"` },
  );
  expect(declared.status).toBe(200);
  const id = await intake.asked(page, 104);
  expect((await intake.decide(id, 'accept', 'approver')).status).toBe(200);
  const reopened = await found('104624', 'AWAITING_PROVIDER_APPROVAL');
  expect(reopened.declarationId).toBe(open.declarationId);
  const history = await declarations.get('declarer-one', `declarations/${open.declarationId}/history`);
  expect(history.body.items.at(-1)).toMatchObject({ previousPence: '100600' });
});
