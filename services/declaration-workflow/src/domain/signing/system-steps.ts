import type { DeclarationStatus } from '@attest/contracts';
import type { Declaration } from '../core/declaration.js';
import { obstacleTo } from '../core/obstacles.js';
import { financeStep, isDeclaredBySystem, needsFinance, tierDue } from './policy.js';
import { takeDeclare, whyNotDeclare } from './declare.js';
import type { StimulusOf } from '../core/stimulus.js';
import { SYSTEM, type Work } from '../core/work.js';

const LATE = 'its figures came after the provider deadline';

/**
 * The steps that a service's policy leaves to the system, one after the other as far as they go: the same rows of the
 * table, taken by `system` and written into the history like anybody's.
 */
export function applySystemSteps(work: Work, d: Declaration, s: StimulusOf<'system-steps'>): void {
  let now: Declaration | null = d;
  while (now !== null) now = stepLeft(now)?.take(work, now, s) ?? null;
}

interface SystemStep {
  readonly isLeft: (d: Declaration) => boolean;
  /** Null: something stands in its way. */
  readonly take: (work: Work, d: Declaration, s: StimulusOf<'system-steps'>) => Declaration | null;
}

/** Where a policy leaves the next step to the system; also the default, where its route was signed under another. */
const LEFT_TO_SYSTEM: Readonly<Partial<Record<DeclarationStatus, SystemStep>>> = {
  AWAITING_PROVIDER_APPROVAL: { isLeft: isDeclaredBySystem, take: declare },
  AWAITING_COMMISSIONER_APPROVAL: {
    isLeft: (d) => tierDue(d) === null,
    take: (work, d, s) =>
      obstacleTo(d, s)
        ? null
        : work.take(d, 'approve', {
            ...SYSTEM,
            // Signed before the route became shorter, it is complete; otherwise none was asked for.
            code: d.commissionerSignatures.length > 0 ? 'ROUTE_COMPLETE' : 'APPROVAL_NOT_REQUIRED',
          }),
  },
  AWAITING_FINANCE_APPROVAL: {
    isLeft: (d) => !needsFinance(d),
    take: (work, d, s) =>
      obstacleTo(d, s)
        ? null
        : work.take(
            d,
            financeStep(d),
            { ...SYSTEM, code: 'FINANCE_NOT_REQUIRED' },
            { financeBySystem: true },
          ),
  },
};

const stepLeft = (d: Declaration): SystemStep | null => {
  const step = LEFT_TO_SYSTEM[d.status];
  return step?.isLeft(d) ? step : null;
};

/**
 * The system has its next step, and nothing of the declaration itself stands in the way. It is asked of everything that
 * is written, and stored: only what is due is looked at again.
 */
export const isDueToSystem = (d: Declaration): boolean =>
  stepLeft(d) !== null && obstacleTo(d, { parked: false, frozen: false }) === null;

function declare(work: Work, d: Declaration, s: StimulusOf<'system-steps'>): Declaration | null {
  const asked = {
    ...s,
    actor: 'system',
    lateReason: LATE,
    onBehalfReason: null,
  } as const;
  if (whyNotDeclare(d, asked) !== null) return null;
  return takeDeclare(work, d, asked, {
    ...SYSTEM,
    personId: null,
    code: 'DECLARATION_NOT_REQUIRED',
  });
}
