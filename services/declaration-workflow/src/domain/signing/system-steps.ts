import type { DeclarationStatus } from '@attest/contracts';
import type { Declaration } from '../core/declaration.js';
import { obstacleTo } from '../core/obstacles.js';
import { isDeclaredBySystem, needsFinance, tierDue } from './policy.js';
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
  while (now !== null) now = nextStep(work, now, s);
}

/** Where a policy leaves the next step to the system; also the default, where its route was signed under another. */
const LEFT_TO_SYSTEM: Readonly<Partial<Record<DeclarationStatus, (d: Declaration) => boolean>>> = {
  AWAITING_PROVIDER_APPROVAL: isDeclaredBySystem,
  AWAITING_COMMISSIONER_APPROVAL: (d) => tierDue(d) === null,
  AWAITING_FINANCE_APPROVAL: (d) => !needsFinance(d),
};

const isLeftToSystem = (d: Declaration): boolean => LEFT_TO_SYSTEM[d.status]?.(d) ?? false;

/**
 * The system has its next step, and nothing of the declaration itself stands in the way. It is asked of everything that
 * is written, and stored: only what is due is looked at again.
 */
export const isDueToSystem = (d: Declaration): boolean =>
  isLeftToSystem(d) && obstacleTo(d, { parked: false, frozen: false }) === null;

function nextStep(work: Work, d: Declaration, s: StimulusOf<'system-steps'>): Declaration | null {
  if (!isLeftToSystem(d)) return null;
  switch (d.status) {
    case 'AWAITING_PROVIDER_APPROVAL':
      return declare(work, d, s);
    case 'AWAITING_COMMISSIONER_APPROVAL':
      if (obstacleTo(d, s)) return null;
      // Signed before the route became shorter, it is complete; otherwise none was asked for.
      return work.take(d, 'approve', {
        ...SYSTEM,
        code: d.commissionerSignatures.length > 0 ? 'ROUTE_COMPLETE' : 'APPROVAL_NOT_REQUIRED',
      });
    case 'AWAITING_FINANCE_APPROVAL':
      if (obstacleTo(d, s)) return null;
      return work.take(
        d,
        d.pence === 0n && d.nettedPence === 0n ? 'settle-nil' : 'approve',
        { ...SYSTEM, code: 'FINANCE_NOT_REQUIRED' },
        { financeBySystem: true },
      );
    default:
      return null;
  }
}

function declare(work: Work, d: Declaration, s: StimulusOf<'system-steps'>): Declaration | null {
  const asked = {
    ...s,
    seenRevision: null,
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
