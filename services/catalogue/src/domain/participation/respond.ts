import type { LondonDate } from '@attest/calendar';
import { AttestError, refuseReason } from '@attest/errors';
import { refusal, type ItemOutcome, type Participation } from './participation.js';

export interface Response {
  readonly serviceCode: string;
  readonly providerCode: string;
  readonly answer: 'accept' | 'refuse';
  readonly reason?: string | null | undefined;
}

/** A provider answers an offer. The same answer again is no fault. */
export function respond(
  response: Response,
  known: Participation | undefined,
  today: LondonDate,
): ItemOutcome {
  const { serviceCode, providerCode, answer } = response;
  if (!known)
    return refusal(
      'OFFER_UNKNOWN',
      `${serviceCode} was not offered to ${providerCode}. Ask the commissioner to offer it.`,
    );
  const wanted = answer === 'accept' ? 'accepted' : 'refused';
  if (known.status === wanted) return { outcome: 'unchanged', participation: known };
  if (known.status !== 'offered')
    return refusal(
      'OFFER_NOT_OPEN',
      `The offer of ${serviceCode} to ${providerCode} is ${known.status} and cannot be answered any more. Ask the commissioner to offer it again.`,
    );
  if (known.respondBy !== null && today > known.respondBy)
    return refusal(
      'OFFER_EXPIRED',
      `The offer of ${serviceCode} to ${providerCode} could be answered until ${known.respondBy}. Ask the commissioner to offer it again.`,
    );
  try {
    const reason = wanted === 'refused' ? refuseReason(response.reason) : null;
    return {
      outcome: 'changed',
      reason,
      participation: { ...known, status: wanted },
    };
  } catch (error) {
    if (error instanceof AttestError) return refusal(error.code, error.detail);
    throw error;
  }
}

/**
 * A commissioner ends a participation: the last day is the one before `on`, and what was achieved until then is paid.
 * An offer that nobody has answered is taken back, and counts as refused: nobody took part.
 */
export function end(
  providerCode: string,
  known: Participation | undefined,
  on: LondonDate,
  reason: string,
): ItemOutcome {
  if (!known) return refusal('OFFER_UNKNOWN', `${providerCode} has no participation to end. Check the code.`);
  if (known.status === 'ended' && known.to === on) return { outcome: 'unchanged', participation: known };
  const changed = (changes: Partial<Participation>): ItemOutcome => ({
    outcome: 'changed',
    reason,
    participation: { ...known, ...changes },
  });
  if (known.status === 'offered') return changed({ status: 'refused' });
  if (known.status !== 'accepted')
    return refusal(
      'PARTICIPATION_NOT_OPEN',
      `The participation of ${providerCode} is ${known.status}. There is nothing to end.`,
    );
  if (on <= known.from || (known.to !== null && on > known.to))
    return refusal(
      'END_OUTSIDE',
      `The participation of ${providerCode} runs from ${known.from} to ${known.to ?? 'no end'}. It can end after its first day and not later than that.`,
    );
  return changed({ status: 'ended', to: on });
}
