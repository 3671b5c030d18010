import type { LondonDate } from '@attest/calendar';
import type { ItemOutcome, Participation } from './participation.js';

const REASON = 'The organisation closed.';

/**
 * What becomes of a participation whose provider closes: it ends on that day, so that what was achieved before stays
 * payable. An open offer is taken back. One that had not begun by then pays for nothing and is left alone.
 */
export function endByClosing(known: Participation, closeOn: LondonDate): ItemOutcome {
  const changed = (changes: Partial<Participation>): ItemOutcome => ({
    outcome: 'changed',
    reason: REASON,
    participation: { ...known, ...changes },
  });
  if (known.status === 'offered') return changed({ status: 'refused' });
  const runsBeyond = known.to === null || known.to > closeOn;
  const ends = known.status === 'accepted' || known.status === 'ended';
  if (!ends || !runsBeyond || closeOn <= known.from) return { outcome: 'unchanged', participation: known };
  return changed({ status: 'ended', to: closeOn });
}
