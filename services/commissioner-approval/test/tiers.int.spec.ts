import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DeclarationApprovedV1,
  DeclarationDeclaredV1,
  DeclarationTierApprovedV1,
  newEvent,
  TIERED_POLICY_EXAMPLE,
  uuidV7,
  type DeclarationEventData,
  type DeclarationState,
  type NewEvent,
} from '@attest/contracts';
import { eventually, startServiceUnderTest, type SeenEvent, type ServiceUnderTest } from '@attest/testing';
import { commissionerApproval } from '../src/index.js';

let service: ServiceUnderTest;
let approvals: readonly SeenEvent[];
const AT = '2026-08-10T09:00:00.000Z';

/** Declared, of £50,000, waiting for a tier after those who have signed. */
function waitingFor(
  tierDue: 'manager' | 'senior' | 'executive',
  changes: Partial<DeclarationState> = {},
): DeclarationState {
  const tiers = TIERED_POLICY_EXAMPLE.tiers.map((tier) => ({ ...tier }));
  const signed = tiers.slice(
    0,
    tiers.findIndex((tier) => tier.name === tierDue),
  );
  const commissionerSignatures = signed.map((tier) => ({
    tier: tier.name,
    personId: `${tier.name}1`,
    at: AT,
  }));
  return {
    declarationId: uuidV7(),
    kind: 'achievement',
    serviceCode: 'XTIER',
    achievementDate: '2023-03-31',
    organisationCode: 'X00001',
    commissionerCode: 'XQA',
    paymentPeriod: '2026-07',
    status: 'AWAITING_COMMISSIONER_APPROVAL',
    holds: [],
    awaitingAggregation: false,
    revision: 2 + signed.length,
    declarationVersion: 1,
    figureRevision: 1,
    pence: '5000000',
    attempt: 1,
    late: false,
    declaredBy: 'declarer',
    commissionerSignedBy: commissionerSignatures.at(-1)?.personId ?? null,
    financeSignedBy: null,
    runId: null,
    commissionerSignatures,
    approvalRoute: { declaration: 'required', tiers, tierDue, finance: 'required' },
    ...changes,
  };
}

const fact = (approvalId: string | null = null): DeclarationEventData['fact'] => ({
  actor: 'commissioner',
  personId: 'manager1',
  forOrganisation: 'XQA',
  at: AT,
  from: 'AWAITING_COMMISSIONER_APPROVAL',
  reason: null,
  code: null,
  approvalId,
  previousPence: null,
});

async function known(...declarations: DeclarationState[]): Promise<void> {
  await tell(
    ...declarations.map((declaration) => newEvent(DeclarationDeclaredV1, { declaration, fact: fact() })),
  );
  for (const { declarationId, revision } of declarations) await reached(declarationId, revision);
}
const tell = (...events: unknown[]) => service.topics.publish(events as NewEvent[]);
const reached = (declarationId: string, revision: number) =>
  eventually(
    async () => {
      const { rows } = await service.database.query(
        'SELECT 1 FROM approval_task WHERE declaration_id = $1 AND revision >= $2 AND pending_approval_id IS NULL',
        [declarationId, revision],
      );
      return rows.length === 1;
    },
    { withinMs: 20_000, everyMs: 20 },
  );

const sign = (personId: string, declarationId: string, body: object = {}) =>
  service.post(personId, `approval-tasks/${declarationId}/sign`, {
    stage: 'commissioner',
    declarationVersion: '1',
    ...body,
  });
const refuse = (personId: string, declarationId: string) =>
  service.post(personId, `approval-tasks/${declarationId}/refuse`, {
    stage: 'commissioner',
    declarationVersion: '1',
    reason: 'The count is higher than the register.',
  });

beforeAll(async () => {
  service = await startServiceUnderTest(commissionerApproval);
  approvals = await service.topics.collect('approvals');
  await service.know(
    [
      { code: 'XQA', kind: 'commissioner' },
      { code: 'XQB', kind: 'commissioner' },
      { code: 'X00001', kind: 'practice', commissionerCode: 'XQA', ancestors: ['XQA', 'ENGLAND'] },
    ],
    [
      { personId: 'manager1', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'senior1', role: 'SENIOR_APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'executive1', role: 'EXECUTIVE_APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'everything', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'everything', role: 'SENIOR_APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'elsewhere', role: 'SENIOR_APPROVAL_MANAGEMENT', organisationCode: 'XQB' },
      { personId: 'finance', role: 'FINANCE_MANAGEMENT', organisationCode: 'XQA' },
    ],
  );
});
afterAll(() => service?.close());

describe('a task of a route with tiers', () => {
  it('shows the tier that it waits for and its role, and is found by it', async () => {
    const declaration = waitingFor('senior');
    await known(declaration, waitingFor('manager'));
    const { body } = await service.get(
      'senior1',
      'approval-tasks?tierRole=SENIOR_APPROVAL_MANAGEMENT&limit=500',
    );
    expect(body.items.map((task: { declarationId: string }) => task.declarationId)).toEqual([
      declaration.declarationId,
    ]);
    expect(body.items[0]).toMatchObject({ tier: 'senior', tierRole: 'SENIOR_APPROVAL_MANAGEMENT' });
    expect((await service.get('senior1', 'approval-tasks?tierRole=KING')).body.code).toBe('REQUEST_FAULTY');
  });

  it('is signed for its tier by somebody with that role, and then waits for the next', async () => {
    const declaration = waitingFor('manager');
    const { declarationId } = declaration;
    await known(declaration);
    const { status, body } = await sign('manager1', declarationId);
    expect(status).toBe(202);
    const event = await eventually(() => approvals.find((e) => e.data.approvalId === body.approvalId));
    expect(event.data).toMatchObject({ stage: 'commissioner', tier: 'manager', approvalVersion: 1 });

    const next = { ...waitingFor('senior'), declarationId };
    await tell(
      newEvent(DeclarationTierApprovedV1, { declaration: next, fact: fact(body.approvalId as string) }),
    );
    await reached(declarationId, next.revision);
    const { rows } = await service.database.query(
      'SELECT state, tier FROM signature WHERE approval_id = $1',
      [body.approvalId],
    );
    expect(rows).toEqual([{ state: 'applied', tier: 'manager' }]);
    expect((await sign('manager1', declarationId)).body.code).toBe('WRONG_TIER_ROLE');
    expect((await sign('senior1', declarationId)).status).toBe(202);
  });

  it.each<[string, number, string, Parameters<typeof waitingFor>[0], Partial<DeclarationState>]>([
    ['WRONG_TIER_ROLE', 403, 'manager1', 'senior', {}],
    ['WRONG_TIER_ROLE', 403, 'senior1', 'manager', {}],
    ['WRONG_TIER_ROLE', 403, 'senior1', 'executive', {}],
    ['UNKNOWN_DECLARATION', 404, 'elsewhere', 'senior', {}],
    ['NOT_YOUR_ORGANISATION', 403, 'finance', 'senior', {}],
    ['SAME_PERSON', 403, 'senior1', 'senior', { declaredBy: 'senior1' }],
    [
      'SAME_PERSON',
      403,
      'everything',
      'senior',
      { commissionerSignatures: [{ tier: 'manager', personId: 'everything', at: AT }] },
    ],
  ])(
    'is refused with %s (%i) to %s while it waits for the %s',
    async (code, status, person, tier, changes) => {
      const declaration = waitingFor(tier, changes);
      await known(declaration);
      const answer = await sign(person, declaration.declarationId);
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
      expect(answer.body.detail).toMatch(/\. .+\.$/);
      const { rows } = await service.database.query('SELECT 1 FROM signature WHERE declaration_id = $1', [
        declaration.declarationId,
      ]);
      expect(rows).toEqual([]);
    },
  );

  it('is sent back by the tier that it waits for', async () => {
    const declaration = waitingFor('senior');
    await known(declaration);
    expect((await refuse('manager1', declaration.declarationId)).body.code).toBe('WRONG_TIER_ROLE');
    expect((await refuse('senior1', declaration.declarationId)).status).toBe(202);
  });

  it('goes to finance when its route is complete, and to nobody who signed a tier', async () => {
    const declaration = waitingFor('executive');
    await known(declaration);
    await tell(
      newEvent(DeclarationApprovedV1, {
        declaration: {
          ...declaration,
          status: 'AWAITING_FINANCE_APPROVAL',
          revision: declaration.revision + 1,
          approvalRoute: { ...declaration.approvalRoute!, tierDue: null },
          commissionerSignedBy: 'executive1',
          commissionerSignatures: [
            { tier: 'manager', personId: 'finance', at: AT },
            { tier: 'executive', personId: 'executive1', at: AT },
          ],
        },
        fact: fact(),
      }),
    );
    await reached(declaration.declarationId, declaration.revision + 1);
    expect((await sign('finance', declaration.declarationId, { stage: 'finance' })).body.code).toBe(
      'SAME_PERSON',
    );
  });
});

describe('a bulk over tiers', () => {
  it('signs the items whose tier the person has, and refuses the others one by one', async () => {
    const mine = Array.from({ length: 3 }, () => waitingFor('senior'));
    const theirs = [waitingFor('manager'), waitingFor('executive')];
    await known(...mine, ...theirs);
    const { status, body } = await service.post('senior1', 'bulk-approvals', {
      stage: 'commissioner',
      items: [...mine, ...theirs].map(({ declarationId }) => ({ declarationId, declarationVersion: '1' })),
    });
    expect(status).toBe(202);
    const progress = await eventually(async () => {
      const { body: now } = await service.get('senior1', `bulk-approvals/${body.bulkId}`);
      return now.signedAt ? now : undefined;
    });
    expect(progress).toMatchObject({ items: 5, pending: 3, refused: 2 });
    const { body: refused } = await service.get(
      'senior1',
      `bulk-approvals/${body.bulkId}/items?state=refused`,
    );
    expect(refused.items.map((item: { code: string }) => item.code)).toEqual([
      'WRONG_TIER_ROLE',
      'WRONG_TIER_ROLE',
    ]);
    const signed = await eventually(() => {
      const found = approvals.filter((e) => e.data.bulkId === body.bulkId);
      return found.length === 3 ? found : undefined;
    });
    expect(new Set(signed.map((e) => e.data.tier))).toEqual(new Set(['senior']));
  });
});
