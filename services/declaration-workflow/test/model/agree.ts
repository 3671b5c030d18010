import { expect } from '@jest/globals';
import type { NewEvent } from '@attest/contracts';
import type { RealAchievement } from './real-achievement.js';
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
    (from) => [`${from} recalculate AWAITING_PROVIDER_APPROVAL`, `${from} lapse LAPSED`],
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
export function agree(model: ReferenceModel, real: RealAchievement): void {
  expect(viewOfReal(real)).toEqual(viewOf(model));
  for (const { declaration_id: id, status, revision } of real.declarations) {
    const told = (real.system.told.get(id) ?? []).filter(({ definition }) =>
      definition.type.startsWith('declaration.'),
    );
    holdsTogether(told, status, Number(revision));
    const steps = real.history.filter((step) => step.declaration_id === id);
    let at: string | null = null;
    for (const { action, from_status: from, to_status: to } of steps) {
      expect({ action, from }).toEqual({ action, from: at });
      if (!NOTES.has(action)) expect([...TABLE]).toContain(`${from} ${action} ${to}`);
      else expect({ action, to }).toEqual({ action, to: from });
      at = to;
    }
    expect(at).toBe(status);
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

/** One event for each revision, the last as it stands; and nothing confirmed that is held, awaiting or unsigned (I3). */
function holdsTogether(told: readonly NewEvent[], status: string, revision: number): void {
  const states = told.map(({ data }) => (data as unknown as Told).declaration);
  expect(states.map((state) => state.revision)).toEqual(states.map((_, at) => at + 1));
  expect({ status, revision }).toEqual({ status: states.at(-1)!.status, revision: states.length });
  for (const [at, { definition }] of told.entries()) {
    if (definition.type !== 'declaration.confirmed.v1') continue;
    const {
      holds,
      awaitingAggregation,
      declaredBy,
      commissionerSignedBy,
      financeSignedBy,
      commissionerSignatures,
    } = states[at]!;
    expect({ holds, awaitingAggregation }).toEqual({ holds: [], awaitingAggregation: false });
    // A policy may have left finance to the system, whatever it says now; and nobody signs twice.
    const isLeftToSystem = states
      .slice(0, at + 1)
      .some((state) => state.approvalRoute?.finance === 'not-required');
    if (!isLeftToSystem) expect(financeSignedBy).not.toBeNull();
    const tiers = commissionerSignatures?.map(({ personId }) => personId) ?? [commissionerSignedBy];
    expect(tiers).toContain(commissionerSignedBy);
    const people = [declaredBy, ...tiers, ...(financeSignedBy === null ? [] : [financeSignedBy])];
    expect(people).not.toContain(null);
    expect(new Set(people).size).toBe(people.length);
  }
}

function viewOf(model: ReferenceModel): object {
  const d = model.main;
  return {
    main: d && viewOfOne(d, model.service.period),
    sealed: model.sealed,
    adjustment: model.adjustment && owed(model.adjustment),
  };
}

const owed = ({ pence, holds }: ModelDeclaration): object => ({
  pence,
  holds: holds.map(({ code }) => code),
});

const viewOfOne = (d: ModelDeclaration, period: string): object => ({
  status: d.status,
  version: d.version,
  pence: d.pence,
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
        period: d.late ?? period,
        own: d.late && period,
      }),
});

function viewOfReal({ main, declarations }: RealAchievement): object {
  const adjustment = declarations.find((one) => one.kind === 'adjustment' && one.status !== 'LAPSED');
  const hold = (one: { code: string; membershipVersion: number | null }): string =>
    `${one.code} ${one.membershipVersion}`;
  return {
    main: main && {
      status: main.status,
      version: Number(main.declaration_version),
      pence: main.pence,
      attempt: main.attempt,
      holds: main.holds.map(hold),
      pending: main.pending_holds.map(hold),
      override: main.override && {
        version: Object.values(main.override.versions)[0],
        kept: BigInt(main.override.kept.pence),
        instead: main.override.instead && BigInt(main.override.instead.pence),
      },
      required: Object.values(main.required)[0] ?? 0,
      awaiting: main.awaiting?.until ?? 0,
      blocked: main.blocked?.until ?? 0,
      ...(main.status === 'LAPSED'
        ? {}
        : {
            signed: [main.declared_by, main.commissioner_signed_by, main.finance_signed_by],
            tiers: main.commissioner_signatures.map(({ tier, personId }) => [tier, personId]),
            policy: OPEN.includes(main.status) ? main.policy : null,
            run: main.run_id,
            period: main.payment_period,
            own: main.own_period,
          }),
    },
    sealed: main?.sealed_pence ?? null,
    adjustment: adjustment
      ? { pence: adjustment.pence, holds: adjustment.holds.map(({ code }) => code) }
      : null,
  };
}
