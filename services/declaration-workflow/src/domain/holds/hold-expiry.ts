import type { Hold } from '@attest/contracts';
import type { Declaration } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

/** A hold counts through the whole of its last day in London; then people are told, once. It stands all the same. */
export function applyEscalation(work: Work, d: Declaration, s: StimulusOf<'escalate-holds'>): void {
  for (const hold of d.holds.filter((one) => isDue(one) && one.expiresOn! < s.today)) {
    const escalated = { ...hold, escalatedAt: work.context.now.toISOString() };
    const now = work.byId(d.declarationId)!;
    work.note(
      now,
      'escalate-hold',
      { actor: 'system', code: hold.code, reason: hold.reason ?? null },
      { holds: now.holds.map((one) => (one.holdId === hold.holdId ? escalated : one)) },
    );
  }
}

const isDue = (hold: Hold): boolean => Boolean(hold.expiresOn) && !hold.escalatedAt;

/** The first day on which one of its holds asks for a decision; null when none will. */
export const nextExpiryOf = (d: Declaration): string | null =>
  d.holds.reduce<string | null>(
    (first, hold) => (isDue(hold) && (first === null || hold.expiresOn! < first) ? hold.expiresOn! : first),
    null,
  );
