import { expect } from '@jest/globals';
import { catalogue } from '@attest/catalogue';
import { commissionerApproval } from '@attest/commissioner-approval';
import {
  DEFAULT_POLICY,
  TIERED_POLICY_EXAMPLE,
  type NewEvent,
  type ReadonlyPolicy,
  type Role,
  type ServicePolicy,
} from '@attest/contracts';
import { declarationWorkflow } from '@attest/declaration-workflow';
import { eventually, startServiceUnderTest, type Answer, type ServiceUnderTest } from '@attest/testing';
import { aService, anAgency } from '../../services/catalogue/test/services.js';
import { calculated } from '../../services/declaration-workflow/test/neighbours.js';

/** Each by the service that it is published with. */
const POLICIES = {
  /** Tiers by value, and finance only above £15,000. */
  XTIERS: { ...TIERED_POLICY_EXAMPLE, financeAbovePence: '1500000' },
  XUNDECLARED: { ...DEFAULT_POLICY, declaration: 'not-required' },
  XUNAPPROVED: { ...DEFAULT_POLICY, approval: 'not-required', route: [] },
  XHELD: { ...DEFAULT_POLICY, holdRelease: 'automatic-when-unchanged' },
} as const satisfies Record<string, ReadonlyPolicy>;
type Service = keyof typeof POLICIES;

const SIGNERS = {
  manager: 'APPROVAL_MANAGEMENT',
  senior: 'SENIOR_APPROVAL_MANAGEMENT',
  executive: 'EXECUTIVE_APPROVAL_MANAGEMENT',
  finance: 'FINANCE_MANAGEMENT',
} as const satisfies Record<string, Role>;
export type Signer = keyof typeof SIGNERS;
const ALL_SIGNERS = Object.keys(SIGNERS) as Signer[];
const PRACTICES = ['X00001', 'X00002', 'X00003', 'X00004', 'X00005'];

let publishing: ServiceUnderTest;
let declarations: ServiceUnderTest;
let approvals: ServiceUnderTest;
const soon = <T>(condition: () => Promise<T>) => eventually(condition, { withinMs: 30_000, everyMs: 20 });

/** The real catalogue, with these policies published, declaration-workflow and commissioner-approval on its topics. */
export async function startPolicies(): Promise<void> {
  publishing = await startServiceUnderTest(catalogue);
  // The same topics, other services and databases.
  const topics = { TOPIC_PREFIX: publishing.env['TOPIC_PREFIX'] };
  [declarations, approvals] = await Promise.all([
    startServiceUnderTest(declarationWorkflow, topics),
    startServiceUnderTest(commissionerApproval, topics),
  ]);
  const people = [
    { personId: 'operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
    ...PRACTICES.map((organisationCode) => ({
      personId: 'declarer',
      role: 'DECLARATION_MANAGEMENT' as const,
      organisationCode,
    })),
    ...ALL_SIGNERS.flatMap((signer) =>
      // One person may hold every role, and then still sign once.
      [signer, 'everything'].map((personId) => ({
        personId,
        role: SIGNERS[signer],
        organisationCode: 'XQA',
      })),
    ),
  ] as const;
  await publishing.know(
    [
      { code: 'ENGLAND', kind: 'national', ancestors: [] },
      { code: 'XQA', kind: 'commissioner' },
      ...PRACTICES.map((code) => ({
        code,
        kind: 'practice' as const,
        commissionerCode: 'XQA',
        ancestors: ['XQA', 'ENGLAND'],
      })),
    ],
    people,
  );
  await ask(publishing.post('operator', 'business-clock', { now: '2026-08-15T09:00:00Z' }), 200);
  await ask(publishing.post('operator', 'agencies', anAgency), 201);
  for (const serviceCode of Object.keys(POLICIES) as Service[]) {
    const policy = POLICIES[serviceCode] as unknown as ServicePolicy;
    const dependsOn = serviceCode === 'XHELD' ? (['page', 'membership'] as const) : (['page'] as const);
    const document = aService({ serviceCode }, { policy, dependsOn: [...dependsOn] });
    await ask(publishing.post('operator', 'quality-services', document), 201);
  }
  for (const service of [declarations, approvals])
    await soon(async () => {
      const { rows } = await service.database.query(
        'SELECT (SELECT count(*) FROM directory_role)::int AS roles, (SELECT count(*) FROM business_clock)::int AS moves',
      );
      return rows[0].roles === people.length && rows[0].moves === 1;
    });
  await soon(async () => {
    const { rows } = await declarations.database.query('SELECT FROM service_policy');
    return rows.length === Object.keys(POLICIES).length;
  });
}

export async function stopPolicies(): Promise<void> {
  await Promise.all([approvals?.close(), declarations?.close()]);
  await publishing?.close();
}

/** What the services around these three say: figures and memberships. */
export const tell = (...events: NewEvent[]) => publishing.topics.publish(events);
export const why = async ({ declarationId }: Shown): Promise<unknown> =>
  (await declarations.get('declarer', `declarations/${declarationId}/why`)).body;

export async function ask(asked: Promise<Answer>, status: number): Promise<Answer> {
  const answer = await asked;
  expect([answer.status, answer.body]).toEqual([status, answer.body]);
  return answer;
}

export interface Shown {
  readonly declarationId: string;
  readonly revision: number;
  readonly status: string;
  readonly declaredBy: string | null;
  readonly financeSignedBy: string | null;
  readonly commissionerSignatures: readonly { readonly tier: string; readonly personId: string }[];
}

export const standing = (serviceCode: Service, practice: string, status: string) =>
  soon<Shown | undefined>(async () => {
    const query = `declarations?serviceCode=${serviceCode}&organisationCode=${practice}`;
    const { body } = await declarations.get('declarer', query);
    return (body.items as Shown[]).find((one) => one.status === status);
  });

/** Figures come, and its provider declares it. */
export async function declared(serviceCode: Service, practice: string, pence: string): Promise<Shown> {
  await tell(calculated({ serviceCode, organisationCode: practice, pence }));
  const open = await standing(serviceCode, practice, 'AWAITING_PROVIDER_APPROVAL');
  await declare(open);
  return open;
}
export const declare = ({ declarationId, revision }: Shown) =>
  ask(
    declarations.post(
      'declarer',
      `declarations/${declarationId}/declare`,
      {},
      { 'if-match': `"${revision}"` },
    ),
    200,
  );

const stageOf = (signer: Signer) => (signer === 'finance' ? 'finance' : 'commissioner');
export const signAs = (personId: string, { declarationId }: Shown, signer: Signer) =>
  approvals.post(personId, `approval-tasks/${declarationId}/sign`, {
    stage: stageOf(signer),
    declarationVersion: '1',
  });

interface Task {
  readonly declarationId: string;
  readonly stage: string;
  readonly tierRole: Role | null;
  readonly held: boolean;
  readonly awaitingAggregation: boolean;
  readonly signaturePending: boolean;
}
export const taskOf = ({ declarationId }: Shown, fits: (task: Task) => boolean) =>
  soon(async () => {
    const { body } = await approvals.get('everything', 'approval-tasks?limit=500');
    return (body.items as Task[]).some((one) => one.declarationId === declarationId && fits(one));
  });

/** Until it waits for exactly this signature and for nothing else, as its commissioner's list says. */
export const waitsFor = (d: Shown, signer: Signer) =>
  taskOf(
    d,
    (task) =>
      task.stage === stageOf(signer) &&
      (task.tierRole ?? SIGNERS.finance) === SIGNERS[signer] &&
      !task.held &&
      !task.awaitingAggregation &&
      !task.signaturePending,
  );

/** Signed by each in turn, and by nobody else at that moment. */
export async function signedBy(d: Shown, ...signers: Signer[]): Promise<void> {
  for (const signer of signers) {
    await waitsFor(d, signer);
    for (const other of ALL_SIGNERS.filter((one) => one !== signer)) {
      const refused = await signAs(other, d, signer);
      const ofTheStage = stageOf(other) === stageOf(signer);
      expect([other, refused.status, refused.body.code]).toEqual([
        other,
        403,
        ofTheStage ? 'WRONG_TIER_ROLE' : 'NOT_YOUR_ORGANISATION',
      ]);
    }
    await ask(signAs(signer, d, signer), 202);
  }
}

/** The steps of its history, by whom, and what the system took them for. */
export async function steps({ declarationId }: Shown): Promise<string[]> {
  const { body } = await declarations.get('declarer', `declarations/${declarationId}/history`);
  return (
    body.items as { action: string; actor: string; personId: string | null; code: string | null }[]
  ).map(({ action, actor, personId, code }) =>
    [action, 'by', personId ?? actor, code].filter(Boolean).join(' '),
  );
}
