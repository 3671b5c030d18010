/** How much a spec draws at random, and from what. */
export interface Draws {
  readonly count: number;
  readonly seed: number;
  /** Repeats exactly this when it is put before the command. */
  readonly repeat: string;
}

/**
 * What a spec draws at random: `usual` much in `npm test`, `full` with ATTEST_TEST_LONG=1, which `npm run test:long`
 * sets. `name` is the variable that says another number; its first word with _SEED repeats what another run has drawn:
 * RACE_ROUNDS=200 RACE_SEED=7.
 */
export function draws(
  { name, usual, full }: { readonly name: string; readonly usual: number; readonly full: number },
  env: Readonly<Record<string, string | undefined>> = process.env,
): Draws {
  const count = wholeNumber(env, name) ?? (env['ATTEST_TEST_LONG'] === '1' ? full : usual);
  const seedName = `${name.split('_')[0]}_SEED`;
  const seed = wholeNumber(env, seedName) ?? Math.floor(Math.random() * 2 ** 31);
  return { count, seed, repeat: `${name}=${count} ${seedName}=${seed}` };
}

function wholeNumber(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number, such as 7.`);
  return Number(text);
}
