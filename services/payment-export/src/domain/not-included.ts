const WORDS: Record<string, string> = {
  NOT_ANSWERED: 'It was not confirmed in time. It goes into the next run.',
  AMOUNT_MOVED: 'What is owed is no longer what was signed. It must be signed again.',
  NOTHING_OWED: 'Nothing is owed on this account now. Nothing was paid.',
};

/** Why a line was left out, and what follows. */
export function notIncludedWords(code: string): string {
  return (
    WORDS[code] ?? 'It was not confirmed for this run. Look at the declaration: it says why and what to do.'
  );
}
