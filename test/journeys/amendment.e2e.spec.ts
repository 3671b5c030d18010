import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aggregation } from '@attest/aggregation';
import { declarationWorkflow } from '@attest/declaration-workflow';
import { eventually, startServiceUnderTest, type SeenEvent, type ServiceUnderTest } from '@attest/testing';
import {
  startAmendments,
  type APage,
  type AmendmentsUnderTest,
} from '../../services/extraction-intake/test/amendments-under-test.js';
import { agencyPublished } from '../../services/payment-export/test/payments-world.js';
import { AGENCY, PAYER, startPaying, type Paying } from './paying-under-test.js';

let intake: AmendmentsUnderTest;
let figures: ServiceUnderTest;
let declarations: ServiceUnderTest;
let paying: Paying;
let said: readonly SeenEvent[];
beforeAll(async () => {
  intake = await startAmendments();
  // The same topics, other services and databases.
  const topics = { TOPIC_PREFIX: intake.env['TOPIC_PREFIX'] };
  [figures, declarations, said, paying] = await Promise.all([
    startServiceUnderTest(aggregation, topics),
    startServiceUnderTest(declarationWorkflow, topics),
    intake.topics.collect('achievements'),
    startPaying(intake, ['organisations', 'pcn-memberships', 'quality-services']),
  ]);
  await intake.know(
    [{ code: 'PCSE', kind: 'agency' }],
    [
      { personId: PAYER, role: 'FINANCE_MANAGEMENT', organisationCode: 'ENGLAND' },
      { personId: AGENCY, role: 'PAYMENT_AGENCY', organisationCode: 'PCSE' },
    ],
  );
  await intake.topics.publish([agencyPublished('PCSE')]);
}, 180_000);
afterAll(async () => {
  await Promise.all([paying?.close(), declarations?.close(), figures?.close()]);
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

interface Listed {
  readonly declarationId: string;
  readonly kind: string;
  readonly pence: string;
  readonly revision: number;
  readonly status: string;
}

/** The declaration of a page that states so much and stands there. */
function found(page: APage, pence: string, status: string): Promise<Listed> {
  const query = `declarations?serviceCode=${page.serviceCode}&achievementDate=${page.achievementDate}&organisationCode=${page.practiceCode}`;
  return eventually<Listed | undefined>(
    async () => {
      const { body } = await declarations.get('declarer-one', query);
      return ((body.items ?? []) as Listed[]).find((one) => one.pence === pence && one.status === status);
    },
    { withinMs: 30_000 },
  ) as Promise<Listed>;
}

async function declare({ declarationId, revision }: Listed): Promise<void> {
  const path = `declarations/${declarationId}/declare`;
  const { status, body } = await declarations.post('declarer-one', path, {}, { 'if-match': `"${revision}"` });
  expect([status, body]).toEqual([200, body]);
}

it('before the payment is confirmed it reopens what was declared, with old and new amount', async () => {
  const page = await intake.aPage();
  const open = await found(page, '100600', 'AWAITING_PROVIDER_APPROVAL');
  await declare(open);
  const id = await intake.asked(page, 104);
  expect((await intake.decide(id, 'accept', 'approver')).status).toBe(200);
  const reopened = await found(page, '104624', 'AWAITING_PROVIDER_APPROVAL');
  expect(reopened.declarationId).toBe(open.declarationId);
  const history = await declarations.get('declarer-one', `declarations/${open.declarationId}/history`);
  expect(history.body.items.at(-1)).toMatchObject({ previousPence: '100600' });
});

it('after the payment it becomes an adjustment of the difference, which is signed and paid by itself', async () => {
  const page = await intake.aPage();
  const open = await found(page, '100600', 'AWAITING_PROVIDER_APPROVAL');
  await declare(open);
  await paying.approve(open.declarationId);
  await found(page, '100600', 'FINANCIALLY_APPROVED');
  expect(await paying.release('2026-08')).toMatchObject({ state: 'sealed', included: 1 });
  await paying.acknowledge(open.declarationId);
  await found(page, '100600', 'PAID');

  const id = await intake.asked(page, 104);
  expect((await intake.decide(id, 'accept', 'approver')).status).toBe(200);
  const adjustment = await found(page, '4024', 'AWAITING_PROVIDER_APPROVAL');
  expect(adjustment.kind).toBe('adjustment');
  const { body: history } = await declarations.get(
    'declarer-one',
    `declarations/${open.declarationId}/history`,
  );
  expect(history.items.at(-1)).toMatchObject({ action: 'need-resolution', code: 'NOT_STOPPED_IN_TIME' });

  await declare(adjustment);
  await paying.approve(adjustment.declarationId);
  await found(page, '4024', 'FINANCIALLY_APPROVED');
  expect(await paying.release('2026-08')).toMatchObject({ state: 'sealed', included: 1 });
  await paying.acknowledge(adjustment.declarationId);
  await found(page, '4024', 'PAID');
  // What was paid before stands as it was, and both together are the amended figure.
  await found(page, '100600', 'PAID');
  const { body: account } = await paying.payments.get(
    PAYER,
    `accounts/${page.practiceCode}/${page.serviceCode}`,
  );
  expect(
    account.achievements.find(
      ({ achievementDate }: { achievementDate: string }) => achievementDate === page.achievementDate,
    ),
  ).toMatchObject({ entitlement: '104624', paid: '104624', owed: '0' });
});
