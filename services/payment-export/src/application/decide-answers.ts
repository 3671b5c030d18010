import type { LondonDate } from '@attest/calendar';
import type { ReadLine } from '../domain/acknowledgement-file.js';
import { decideAnswer, QUARANTINE_WORDS, type QuarantineCode } from '../domain/acknowledgement.js';
import { contradictionsIn } from '../domain/contradictions.js';
import { lineKey, type AppliedAnswer, type LineResult, type LockedLine } from './acknowledgement.ports.js';

/** What becomes of each line of a file, whatever their order: applied, a repeat, or kept aside. */
export function decideAnswers(
  read: readonly ReadLine[],
  known: ReadonlyMap<string, LockedLine>,
  today: LondonDate,
): { applied: AppliedAnswer[]; results: LineResult[] } {
  const isContradicted = contradictionsIn(read);
  const applied = new Map<string, AppliedAnswer>();
  const results = read.map((one): LineResult => {
    const { line, text, stated, answer } = one;
    const as = (state: LineResult['state'], code: QuarantineCode | null = null): LineResult => ({
      line,
      state,
      code,
      words: code && QUARANTINE_WORDS[code],
      text,
      stated,
    });
    if (typeof answer === 'string') return as('quarantined', answer);
    const key = lineKey(answer);
    const sealed = known.get(key);
    const decision = decideAnswer(answer, sealed, today);
    if (decision !== 'apply' && decision !== 'repeated') return as('quarantined', decision);
    if (isContradicted(one)) return as('quarantined', 'ANSWERS_CONTRADICT');
    // The same answer a second time in this file counts once.
    if (decision === 'repeated' || applied.has(key)) return as('repeated');
    applied.set(key, { line: sealed!, answer });
    return as('applied');
  });
  return { applied: [...applied.values()], results };
}
