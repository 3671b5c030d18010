import type { LapseCode } from '@attest/contracts';
import type { Declaration } from '../core/declaration.js';
import { answer, sentence, type WhyAnswer } from './why-answer.js';

/** It ended, or a run has it: whatever else is true of it, nobody can move it on. Null: it may still be moved. */
export function ended(d: Declaration): WhyAnswer | null {
  const since = d.statusSince;
  switch (d.status) {
    case 'PAID':
      if (d.sealedPence === 0n)
        return answer(
          d.statusCode ?? 'PAID',
          sentence('Its run settled it without a line', d.statusReason),
          'nobody',
          'The account of the provider shows what was taken off which payment; a later change becomes an adjustment.',
          since,
        );
      return answer(
        'PAID',
        'The agency acknowledged its line.',
        'nobody',
        'It is paid; a later change becomes an adjustment.',
        since,
      );
    case 'SETTLED_NIL':
      return answer(
        'SETTLED_NIL',
        'It is approved and there is nothing to pay.',
        'nobody',
        'Other figures would reopen it.',
        since,
      );
    case 'SETTLED_OUTSIDE':
      return answer(
        'SETTLED_OUTSIDE',
        sentence('Two people of the commissioner say that it was settled outside', d.statusReason),
        'nobody',
        'Nothing; a later change of its figures becomes another adjustment.',
        since,
      );
    case 'LAPSED':
      return answer(
        d.statusCode ?? 'LAPSED',
        LAPSES[d.statusCode as LapseCode] ?? 'It ended without payment; the reason stands in its history.',
        'nobody',
        'Nothing.',
        since,
      );
    case 'RELEASING':
      return answer(
        'BEING_SENT',
        'A release run has confirmed it and has not ended yet.',
        'system',
        'The end of the run: its line is sealed, or it comes back with the reason.',
        since,
      );
    case 'SENT_TO_AGENCY':
      return answer(
        'AWAITING_AGENCY',
        'Its line stands in a sealed file and the agency has not answered yet.',
        'agency',
        "The agency's acknowledgement of the line.",
        since,
      );
    default:
      return null;
  }
}

const LAPSES: Readonly<Record<LapseCode, string>> = {
  NOT_APPLICABLE: 'There is nothing to pay for this date: no participation, or no data that counts.',
  WITHDRAWN: 'The commissioner ended it; the reason stands in its history.',
  ABSORBED: 'The agency rejected its line and an open adjustment carries the whole amount.',
  NOTHING_OWED: 'The newest figures owe nothing beyond what was sent.',
};
