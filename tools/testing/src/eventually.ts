import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** When to give up; 30 s unless told. */
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks again and again until the condition gives something truthy, and returns it. A condition that throws counts as
 * not yet, so a whole `expect` may stand in it. Giving up throws what the condition threw last, else says what it gave.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { withinMs = 30_000, everyMs = 20 }: Patience = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    let given: unknown;
    let thrown: { error: unknown } | undefined;
    try {
      const answer = await condition();
      if (answer) return answer as Exclude<T, false | null | undefined | 0 | ''>;
      given = answer;
    } catch (error) {
      thrown = { error };
    }
    if (performance.now() >= giveUpAt) {
      if (thrown) throw thrown.error;
      throw new Error(`not within ${withinMs} ms: ${String(condition)} gave ${String(given)}`);
    }
    await pause(everyMs);
  }
}
