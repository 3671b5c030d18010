const GOAL_WITHIN_MS = 90_000;

/** Acts until the goal is reached; what fails because somebody died is tried again with a key of its own. */
export async function drive(
  goal: string,
  reached: () => Promise<boolean>,
  act: () => Promise<unknown>,
  diedAt: () => number = () => 0,
): Promise<void> {
  const since = Date.now();
  let last: unknown;
  for (;;) {
    try {
      if (await reached()) return;
      last = await act();
      if (await reached()) return;
    } catch (error) {
      if (error instanceof Done) throw error;
      last = error;
    }
    if (Date.now() > Math.max(since, diedAt()) + GOAL_WITHIN_MS)
      throw new Error(`Not reached in ${GOAL_WITHIN_MS / 1000} s: ${goal}; last: ${describe(last)}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

const describe = (value: unknown): string => (value instanceof Error ? value.message : JSON.stringify(value));

/** Thrown to leave a drive whose goal is the answer itself. */
export class Done extends Error {}
export function ignoreDone(error: unknown): void {
  if (!(error instanceof Done)) throw error;
}
