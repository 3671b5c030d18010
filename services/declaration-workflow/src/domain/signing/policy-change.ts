import type { ReadonlyPolicy } from '@attest/contracts';
import { isEnded, type Declaration } from '../core/declaration.js';
import type { Work } from '../core/work.js';
import { routeOf } from './policy.js';

/** Its service has another policy now. It holds for the steps that come; what is signed stays signed. */
export function applyPolicy(work: Work, d: Declaration, policy: ReadonlyPolicy | null): void {
  if (isEnded(d) || samePolicy(d.policy, policy)) return;
  // Whoever waits to sign has to see what is asked now; what is past asking hears of it when it comes back.
  if (d.status.startsWith('AWAITING_') && !samePolicy(shown(d), shown({ ...d, policy })))
    work.note(d, 'readdress', { actor: 'system', code: 'POLICY_CHANGED' }, { policy });
  else work.set(d, { policy });
}

const shown = (d: Declaration) => routeOf(d, d.status === 'AWAITING_COMMISSIONER_APPROVAL');

/** Both come from the same column, whose properties have one order. */
const samePolicy = (a: object | null, b: object | null): boolean => JSON.stringify(a) === JSON.stringify(b);
