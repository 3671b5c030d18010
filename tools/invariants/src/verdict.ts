/** What a check found: whether its rule holds, the rule, and the counts and places that show it. */
export interface Verdict<
  Evidence extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>,
> {
  readonly holds: boolean;
  readonly says: string;
  readonly evidence: Evidence;
}

export function verdict<Evidence extends Readonly<Record<string, unknown>>>(
  holds: boolean,
  says: string,
  evidence: Evidence,
): Verdict<Evidence> {
  return { holds, says, evidence };
}
