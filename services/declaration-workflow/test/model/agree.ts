import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import type { RealAchievement, StoredDeclaration } from './real-achievement.js';
import { publishedPolicy } from './model-policy.js';
import { OPEN, penceOf, type ModelDeclaration } from './model-declaration.js';
import type { ReferenceModel } from './reference-model.js';

/** What design §5 allows, a second time. */
const TABLE = new Set([
  'null open AWAITING_PROVIDER_APPROVAL',
  'AWAITING_PROVIDER_APPROVAL declare AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL approve AWAITING_FINANCE_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL refuse AWAITING_PROVIDER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL undeclare AWAITING_PROVIDER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL approve FINANCIALLY_APPROVED',
  'AWAITING_FINANCE_APPROVAL settle-nil SETTLED_NIL',
  'AWAITING_FINANCE_APPROVAL refuse AWAITING_COMMISSIONER_APPROVAL',
  ...['AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL'].flatMap(
    (from) => [
      `${from} recalculate AWAITING_PROVIDER_APPROVAL`,
      `${from} lapse LAPSED`,
      `${from} settle-outside SETTLED_OUTSIDE`,
    ],
  ),
  'FINANCIALLY_APPROVED recalculate AWAITING_PROVIDER_APPROVAL',
  'SETTLED_NIL recalculate AWAITING_PROVIDER_APPROVAL',
  ...[
    'AWAITING_COMMISSIONER_APPROVAL',
    'AWAITING_FINANCE_APPROVAL',
    'FINANCIALLY_APPROVED',
    'SETTLED_NIL',
  ].map((from) => `${from} revert AWAITING_PROVIDER_APPROVAL`),
  'FINANCIALLY_APPROVED confirm RELEASING',
  'RELEASING seal SENT_TO_AGENCY',
  'RELEASING not-include FINANCIALLY_APPROVED',
  'RELEASING net PAID',
  'SENT_TO_AGENCY acknowledge PAID',
  'SENT_TO_AGENCY reject REJECTED_BY_AGENCY',
  'PAID return REJECTED_BY_AGENCY',
  'REJECTED_BY_AGENCY correct FINANCIALLY_APPROVED',
  'REJECTED_BY_AGENCY absorb LAPSED',
  'REJECTED_BY_AGENCY lapse LAPSED',
]);
/** Leave the status where it is. */
const NOTES = new Set([
  'hold',
  'release-hold',
  'keep-figure',
  'end-override',
  'need-resolution',
  'refuse-confirm',
  'record-change',
  'readdress',
  'propose',
  'withdraw-proposal',
  'admit-late',
  'approve-tier',
]);

/** Both stand in the same place, and what the service wrote about the way there holds together. */
export async function agree(model: ReferenceModel, real: RealAchievement): Promise<void> {
  const [seen, expected] = [viewOfReal(real), viewOf(model)];
  // Whoever only says no is faster than who explains it.
  if (!isDeepStrictEqual(seen, expected)) expect(seen).toEqual(expected);
  const written = await real.lookBack();
  for (const { declaration_id: id, status, revision } of real.declarations) {
    const known = real.agreed.get(id) ?? { status: null, told: 0 };
    let at = known.status;
    for (const step of written) {
      if (step.declaration_id !== id) continue;
      const { action, from_status: from, to_status: to } = step;
      if (from !== at) expect({ action, from }).toEqual({ action, from: at });
      const isAllowed = NOTES.has(action) ? to === from : TABLE.has(`${from} ${action} ${to}`);
      if (!isAllowed) throw new Error(`no step of the table: ${from} ${action} ${to}`);
      at = to;
    }
    expect(at).toBe(status);
    const told = holdsTogether(real, id, known.told);
    expect({ status, revision: Number(revision) }).toEqual({
      status: told.at(-1)!.status,
      revision: told.length,
    });
    real.agreed.set(id, { status: at, told: told.length });
  }
}

interface Told {
  declaration: {
    status: string;
    revision: number;
    holds: unknown[];
    awaitingAggregation: boolean;
    declaredBy: string | null;
    commissionerSignedBy: string | null;
    financeSignedBy: string | null;
    approvalRoute?: { finance: string };
    commissionerSignatures?: readonly { personId: string }[];
  };
}

/**
 * One event for each revision, in order; and nothing confirmed that is held, awaiting or unsigned (I3).
 * @param from the first of them that was not looked at
 * @returns the states that were told
 */
function holdsTogether(real: RealAchievement, id: string, from: number): readonly Told['declaration'][] {
  const told = (real.system.told.get(id) ?? []).filter(({ definition }) =>
    definition.type.startsWith('declaration.'),
  );
  const states = told.map(({ data }) => (data as unknown as Told).declaration);
  for (let at = from; at < told.length; at++) {
    expect(states[at]!.revision).toBe(at + 1);
    if (told[at]!.definition.type === 'declaration.confirmed.v1') isSigned(states.slice(0, at + 1));
  }
  return states;
}

function isSigned(states: readonly Told['declaration'][]): void {
  const {
    holds,
    awaitingAggregation,
    declaredBy,
    commissionerSignedBy,
    financeSignedBy,
    commissionerSignatures,
  } = states.at(-1)!;
  expect({ holds, awaitingAggregation }).toEqual({ holds: [], awaitingAggregation: false });
  // A policy may have left finance to the system, whatever it says now; and nobody signs twice.
  const isLeftToSystem = states.some((state) => state.approvalRoute?.finance === 'not-required');
  if (!isLeftToSystem) expect(financeSignedBy).not.toBeNull();
  const tiers = commissionerSignatures?.map(({ personId }) => personId) ?? [commissionerSignedBy];
  expect(tiers).toContain(commissionerSignedBy);
  const people = [declaredBy, ...tiers, ...(financeSignedBy === null ? [] : [financeSignedBy])];
  expect(people).not.toContain(null);
  expect(new Set(people).size).toBe(people.length);
}

const viewOf = (model: ReferenceModel): object => ({
  mains: model.declarations
    .filter(({ kind }) => kind === 'achievement')
    .map((d) => viewOfOne(d, model.service.period)),
  adjustments: model.adjustments.map((d) => viewOfOne(d, model.service.period)),
});

const viewOfOne = (d: ModelDeclaration, period: string): object => ({
  status: d.status,
  version: d.version,
  pence: d.pence,
  sealed: d.sealed,
  netted: d.netted,
  attempt: d.attempt,
  holds: d.holds.map(({ code, version }) => `${code} ${version}`),
  pending: d.pending.map(({ code, version }) => `${code} ${version}`),
  override: d.override && {
    version: d.override.version,
    kept: penceOf(d.override.kept.result),
    instead: d.override.instead && penceOf(d.override.instead.result),
  },
  required: d.required,
  awaiting: d.awaiting,
  blocked: d.blocked,
  // What lapsed keeps the names of those who signed it, its run and its place in the late queue.
  ...(d.status === 'LAPSED'
    ? {}
    : {
        signed: [d.declaredBy, d.commissionerSignedBy, d.financeSignedBy],
        tiers: d.tiersSigned,
        policy: d.isOpen ? (publishedPolicy(d.policy) ?? null) : null,
        run: d.run,
        period: d.period ?? d.late ?? period,
        own: d.late && period,
      }),
});

const viewOfReal = ({ declarations }: RealAchievement): object => ({
  mains: declarations.filter(({ kind }) => kind === 'achievement').map(viewOfRealOne),
  adjustments: declarations.filter(({ kind }) => kind === 'adjustment').map(viewOfRealOne),
});

function viewOfRealOne(stored: StoredDeclaration): object {
  const hold = (one: { code: string; membershipVersion: number | null }): string =>
    `${one.code} ${one.membershipVersion}`;
  return {
    status: stored.status,
    version: Number(stored.declaration_version),
    pence: stored.pence,
    sealed: stored.sealed_pence,
    netted: stored.netted_pence,
    attempt: stored.attempt,
    holds: stored.holds.map(hold),
    pending: stored.pending_holds.map(hold),
    override: stored.override && {
      version: Object.values(stored.override.versions)[0],
      kept: BigInt(stored.override.kept.pence),
      instead: stored.override.instead && BigInt(stored.override.instead.pence),
    },
    required: Object.values(stored.required)[0] ?? 0,
    awaiting: stored.awaiting?.until ?? 0,
    blocked: stored.blocked?.until ?? 0,
    ...(stored.status === 'LAPSED'
      ? {}
      : {
          signed: [stored.declared_by, stored.commissioner_signed_by, stored.finance_signed_by],
          tiers: stored.commissioner_signatures.map(({ tier, personId }) => [tier, personId]),
          policy: OPEN.includes(stored.status) ? stored.policy : null,
          run: stored.run_id,
          period: stored.payment_period,
          own: stored.own_period,
        }),
  };
}
