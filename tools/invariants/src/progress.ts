/** Tells how far a check has come: `progress(3120, 8806, 'declared')`; `step` says what cannot be counted. */
export interface Progress {
  (done: number, total: number, what: string): void;
  step(words: string): void;
}

/** For whoever checks without an audience. */
export const silent: Progress = Object.assign(() => undefined, { step: () => undefined });
