/** What an error may tell: identifiers, counts and dates. Never personal data, never a request's body. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Something that can go wrong and has a name. Subclass it once per thing: the code is stable and is what
 * decisions rest on; the detail says what happened and what to do next; the facts identify what it happened to.
 */
export class AttestError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly facts: ErrorFacts = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = new.target.name;
  }

  /**
   * Whether it passes by itself: the very same request may be carried out later, and nobody has to correct it for
   * that. Such a refusal is no answer to keep under an Idempotency-Key. Where a class says nothing, it stands.
   */
  get passesByItself(): boolean {
    return false;
  }
}
