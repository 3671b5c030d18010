export interface Stopwatch {
  /** Only the first call counts. */
  start(): void;
  /** Milliseconds since the start. */
  ms(): number;
}

export function stopwatch(): Stopwatch {
  let started: number | undefined;
  return {
    start: () => void (started ??= performance.now()),
    ms: () => performance.now() - (started ?? NaN),
  };
}
