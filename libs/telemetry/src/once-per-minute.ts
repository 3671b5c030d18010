const EVERY_MS = 60_000;

/** For what would be told again and again, such as with every request: the first time, then once a minute. */
export class OncePerMinute {
  readonly #told = new Map<string, { at: number; untold: number }>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** How often it was not told since the last time; undefined when it is not to be told now. */
  tell(what: string): number | undefined {
    const now = this.nowMs();
    const last = this.#told.get(what);
    if (last && now - last.at < EVERY_MS) {
      last.untold++;
      return undefined;
    }
    this.#told.set(what, { at: now, untold: 0 });
    return last?.untold ?? 0;
  }
}
