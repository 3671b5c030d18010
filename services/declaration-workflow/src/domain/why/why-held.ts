import type { Hold, HoldCode } from '@attest/contracts';
import type { Declaration } from '../core/declaration.js';
import { awaitsFigures } from '../holds/release-hold.js';
import { answer, bare, type WhyAnswer } from './why-answer.js';

export function held(d: Declaration, hold: Hold): WhyAnswer {
  const what = [hold.practiceCodes.join(', '), hold.pcnCode].filter(Boolean).join(' in PCN ');
  const because = hold.code === 'BY_HAND' && hold.reason ? `: ${bare(hold.reason)}` : '';
  const expired = hold.escalatedAt ? ` The hold ran until ${hold.expiresOn} and still stands.` : '';
  const others = d.holds.length > 1 ? ` ${d.holds.length} holds stand; they are released one by one.` : '';
  const { actsNext, unblockedBy } = nextOnHold(d, hold);
  return answer(
    hold.escalatedAt ? 'HOLD_EXPIRED' : hold.code,
    `It is on hold: ${HOLDS[hold.code]}${what ? ` (${what})` : ''}${because}.${expired}${others}`,
    actsNext,
    unblockedBy,
    new Date(hold.since),
  );
}

/**
 * Said alike beside the hold itself and wherever somebody asks why it is not paid. A commissioner acts next exactly
 * when a release would not be refused for want of figures.
 */
export function nextOnHold(d: Declaration, hold: Hold): Pick<WhyAnswer, 'actsNext' | 'unblockedBy'> {
  if (!awaitsFigures(d, hold))
    return {
      actsNext: 'commissioner',
      unblockedBy:
        hold.code === 'PCN_PRACTICE_JOINED'
          ? 'A commissioner compares both figures and releases the hold, or keeps the earlier figure.'
          : 'A commissioner confirms the figures and releases the hold.',
    };
  return d.blocked
    ? {
        actsNext: 'operator',
        unblockedBy: `The operator repairs and replays an input that could not be read (${d.blocked.code}); then figures made with this membership change arrive, and a commissioner releases the hold.`,
      }
    : {
        actsNext: 'system',
        unblockedBy:
          'Figures made with this membership change have to arrive; then a commissioner releases the hold.',
      };
}

const HOLDS: Readonly<Record<HoldCode, string>> = {
  PCN_PRACTICE_JOINED: 'a practice joined',
  PCN_PRACTICE_LEFT: 'a practice left',
  PCN_MEMBERSHIP_CORRECTED: 'memberships were corrected',
  PCN_CLOSED: 'the PCN closed',
  BY_HAND: 'its commissioner held it',
};
