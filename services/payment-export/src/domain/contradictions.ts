import type { ReadLine } from './acknowledgement-file.js';

/** One attempt of a declaration, which has one line at most. */
const attemptKey = ({ declarationId, attempt }: { declarationId: string | null; attempt: number | null }) =>
  declarationId === null || attempt === null ? null : `${declarationId}|${attempt}`;

/**
 * The order of lines in a file says nothing (design §7). So an attempt that one file answers in two ways is answered in
 * neither: not by the first, and not by the one that can be read.
 * @returns whether this line is one of those
 */
export function contradictionsIn(read: readonly ReadLine[]): (line: ReadLine) => boolean {
  const said = new Map<string, string>();
  const contradictory = new Set<string>();
  for (const line of read) {
    const key = attemptKey(line.stated);
    if (key === null) continue;
    const before = said.get(key);
    const says = saysOf(line);
    if (before === undefined) said.set(key, says);
    else if (before !== says) contradictory.add(key);
  }
  return ({ stated }) => contradictory.has(attemptKey(stated) ?? '');
}

/**
 * Where a line stands in its payment file decides nothing here: a wrong number is found out by itself. Nor do words
 * beside an acceptance, which nobody is told: it says that the line was paid, whatever they are.
 */
const saysOf = ({ answer, text }: ReadLine): string => {
  if (typeof answer === 'string') return `${answer} ${text}`;
  if (answer.outcome === 'ACCEPTED') return [answer.pence, answer.outcome].join('\n');
  return [answer.pence, answer.outcome, answer.reasonCode, answer.reason, answer.returnedOn].join('\n');
};
