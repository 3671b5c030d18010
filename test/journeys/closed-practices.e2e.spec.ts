import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { organisations } from '@attest/organisations';
import { declarationWorkflow } from '@attest/declaration-workflow';
import { eventually, startServiceUnderTest, type Answer, type ServiceUnderTest } from '@attest/testing';
import {
  agencyPublished,
  calculated,
  DATE,
  servicePublished,
} from '../../services/declaration-workflow/test/neighbours.js';
import { directoryFollowed } from '../../services/organisations/test/directory.js';
import { aFile } from '../../services/organisations/test/files.js';
import { APPROVER, PAYER, startPaying, type Paying } from './paying-under-test.js';

// Practices that have closed, in the real organisations, declaration-workflow, commissioner-approval and payment-export.
// Only services and figures come from the spec.

const [OPERATOR, HELPER, FIRST, SECOND] = ['operator', 'helper', 'admin.1', 'admin.2'] as const;
const [MERGED, SUCCESSOR, GONE] = ['X00001', 'X00002', 'X00003'] as const;
const SERVICE = 'XCLOSED';
const PERIOD = '2026-08';
const PATIENCE = { withinMs: 30_000, everyMs: 30 };

let register: ServiceUnderTest;
let declarations: ServiceUnderTest;
let paying: Paying;

const send = async (layout: string, body: string): Promise<void> => {
  const answer = await register.post(
    OPERATOR,
    `organisation-files?layout=${layout}&asAt=2026-08-31&fileName=${layout}.csv`,
    body,
    { 'content-type': 'text/csv' },
  );
  expect([layout, answer.status, answer.body]).toEqual([layout, 201, answer.body]);
};

beforeAll(async () => {
  register = await startServiceUnderTest(
    organisations,
    { BOOTSTRAP_OPERATOR_ID: OPERATOR },
    { now: '2026-09-01T09:00:00.000Z' },
  );
  [declarations, paying] = await Promise.all([
    startServiceUnderTest(declarationWorkflow, { TOPIC_PREFIX: register.env['TOPIC_PREFIX'] }),
    startPaying(register, ['quality-services', 'achievements']),
  ]);
  // The last day of the month was their last.
  const closed = { close_date: DATE, status: 'C' };
  await send(
    'practices',
    aFile('practices', [
      { practice_code: MERGED, sub_icb_code: '01X', ...closed },
      { practice_code: SUCCESSOR, sub_icb_code: '01X' },
      { practice_code: GONE, sub_icb_code: '01X', ...closed },
    ]),
  );
  const has = (person_id: string, role: string, organisation_code = 'QX1') => ({
    person_id,
    name: 'A Person',
    role,
    organisation_code,
  });
  await send(
    'people',
    aFile('people', [
      has(HELPER, 'DECLARATION_MANAGEMENT'),
      has(HELPER, 'APPROVAL_MANAGEMENT'),
      has(APPROVER, 'APPROVAL_MANAGEMENT'),
      has(PAYER, 'FINANCE_MANAGEMENT', 'ENGLAND'),
      has(FIRST, 'ORGANISATION_ADMINISTRATION'),
      has(SECOND, 'ORGANISATION_ADMINISTRATION'),
    ]),
  );
  await directoryFollowed(register);
  const figures = [MERGED, GONE].map((organisationCode) =>
    calculated({ serviceCode: SERVICE, organisationCode }),
  );
  await register.topics.publish([
    agencyPublished(),
    servicePublished(SERVICE, { opensOn: '2020-01-01', cutOffAt: '2100-09-01T17:00:00Z' }),
    ...figures,
  ]);
}, 180_000);
afterAll(async () => {
  await Promise.all([paying?.close(), declarations?.close()]);
  await register?.close();
});

interface Listed {
  readonly declarationId: string;
  readonly revision: number;
}
const standing = (practice: string, status: string): Promise<Listed> =>
  eventually<Listed | undefined>(async () => {
    const { body } = await declarations.get(
      HELPER,
      `declarations?serviceCode=${SERVICE}&organisationCode=${practice}`,
    );
    return ((body.items ?? []) as (Listed & { status: string })[]).find((one) => one.status === status);
  }, PATIENCE) as Promise<Listed>;
const declare = ({ declarationId, revision }: Listed, body: object): Promise<Answer> =>
  declarations.post(HELPER, `declarations/${declarationId}/declare`, body, { 'if-match': `"${revision}"` });
const onBehalfReason = 'The practice closed on 31 July and has nobody left who could declare.';

describe.each([
  ['merged into another', MERGED],
  ['gone without a successor', GONE],
])('a closed practice that is %s', (_, practice) => {
  it('is declared for by its commissioner, with a reason, and not signed by that person', async () => {
    const open = await standing(practice, 'AWAITING_PROVIDER_APPROVAL');
    const refused = await declare(open, {});
    expect([refused.status, refused.body.code]).toEqual([422, 'ON_BEHALF_REASON_MISSING']);
    expect((await declare(open, { onBehalfReason })).status).toBe(200);
    const { body: history } = await declarations.get(HELPER, `declarations/${open.declarationId}/history`);
    expect(history.items.at(-1)).toMatchObject({
      action: 'declare',
      actor: 'commissioner',
      personId: HELPER,
      forOrganisation: 'QX1',
      reason: onBehalfReason,
    });
    const own = await paying.sign(open.declarationId, 'commissioner', HELPER);
    expect([own.status, own.body.code]).toEqual([403, 'SAME_PERSON']);
    await paying.approve(open.declarationId);
    await standing(practice, 'FINANCIALLY_APPROVED');
  });
});

it('the payee of a merged practice is its successor, once two people have said so', async () => {
  const wanted = {
    providerCode: MERGED,
    payeeCode: SUCCESSOR,
    payeeName: 'The merged surgery',
    accountReference: 'ATTEST-SUCCESSOR',
    reason: 'It merged on 1 August 2026.',
  };
  const { status, body: change } = await register.post(FIRST, 'payee-changes', wanted);
  expect([status, change]).toEqual([201, change]);
  const alone = await register.post(FIRST, `payee-changes/${change.changeId}/confirm`, {});
  expect(alone.body.code).toBe('SAME_PERSON');
  expect((await register.post(SECOND, `payee-changes/${change.changeId}/confirm`, {})).status).toBe(200);
});

it('the run pays the merged one to its successor and the other one to the payee that it had', async () => {
  // What was confirmed above is committed: the run's barrier proves that it has arrived.
  expect(await paying.release(PERIOD)).toMatchObject({ state: 'sealed', included: 2, notIncluded: 0 });
  const { rows } = await paying.payments.database.query(
    `SELECT provider_code, payee_code, account_reference, pence::text FROM sealed_line ORDER BY provider_code`,
  );
  expect(rows).toEqual([
    { provider_code: MERGED, payee_code: SUCCESSOR, account_reference: 'ATTEST-SUCCESSOR', pence: '10060' },
    { provider_code: GONE, payee_code: GONE, account_reference: `ATTEST-${GONE}`, pence: '10060' },
  ]);
  await standing(MERGED, 'SENT_TO_AGENCY');
});
