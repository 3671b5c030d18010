import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startLocalServices, type LocalServices } from './local-services.js';
import { randomFrom } from './random.js';
import { SmallMonth } from './small-month.js';

/** Each service dies once at each of these steps, in turn. */
const STEPS: readonly (readonly [service: string, steps: readonly string[]])[] = [
  ['organisations', ['relay-after-read', 'relay-after-send', 'consumer-before-commit']],
  ['catalogue', ['relay-after-send', 'consumer-after-commit']],
  ['extraction-intake', ['relay-after-read', 'relay-after-send', 'relay-after-archive']],
  [
    'aggregation',
    [
      'consumer-after-fence',
      'consumer-after-effect',
      'consumer-before-commit',
      'consumer-after-commit',
      'relay-after-send',
    ],
  ],
  [
    'declaration-workflow',
    [
      'consumer-after-inbox',
      'consumer-after-effect',
      'consumer-before-commit',
      'consumer-after-commit',
      'relay-after-read',
      'relay-after-send',
    ],
  ],
  ['commissioner-approval', ['consumer-before-commit', 'consumer-after-commit', 'relay-after-send']],
  [
    'payment-export',
    ['consumer-before-commit', 'consumer-after-commit', 'relay-after-read', 'relay-after-send'],
  ],
  ['messaging-centre', ['consumer-after-effect', 'consumer-before-commit', 'consumer-after-commit']],
];
const ROUNDS = Math.max(...STEPS.map(([, steps]) => steps.length));
const RANDOM_MONTHS = 5;
const KILLS_PER_MONTH = 4;
const RANDOM_KILLS = RANDOM_MONTHS * KILLS_PER_MONTH;
const SEED = 20_260_731;

const practice = (n: number): string => `X${String(n).padStart(5, '0')}`;

let folder: string;
let services: LocalServices;
let month: SmallMonth;
const pools = new Map<string, pg.Pool>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attest-checkpoint-'));
  services = await startLocalServices(folder);
  month = new SmallMonth({
    urls: services.urls,
    folder,
    token: services.token,
    database: (service) => {
      if (!pools.has(service))
        pools.set(service, new pg.Pool({ connectionString: services.databaseUrls.get(service)!, max: 2 }));
      return pools.get(service)!;
    },
  });
  await month.prepare(Array.from({ length: 2 + ROUNDS + RANDOM_MONTHS }, (_, n) => practice(n)));
}, 240_000);
afterAll(async () => {
  await Promise.all([...pools.values()].map((pool) => pool.end()));
  await services?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** How often a declaration's line stands in all files, and what was said of it. */
async function linesOf(organisation: string): Promise<number> {
  const { rows } = await pools
    .get('payment-export')!
    .query<{ n: number }>(`SELECT count(*)::int AS n FROM sealed_line WHERE provider_code = $1`, [
      organisation,
    ]);
  return rows[0]!.n;
}

describe('one practice, one service, one amended figure, one paid line', () => {
  it('goes through all eight services as separate processes', async () => {
    expect(await month.play(practice(0), 12)).toBe(14n * 1006n);
    expect(await linesOf(practice(0))).toBe(1);
  }, 120_000);

  it.each(Array.from({ length: ROUNDS }, (_, round) => [round + 1]))(
    'survives kill -9 of every service at its named step, round %s',
    async (round) => {
      const dying = STEPS.filter(([, steps]) => steps[round - 1]).map(
        ([service, steps]) => [service, steps[round - 1]!] as const,
      );
      await Promise.all(dying.map(([service, step]) => services.restart(service, { CRASH_AT: step })));
      const revived = dying.map(([service]) => services.reviveWhenDead(service));
      expect(await month.play(practice(round), 12 + round)).toBe(BigInt(14 + round) * 1006n);
      expect(await linesOf(practice(round))).toBe(1);
      const died = (await Promise.all(revived.map((revival) => revival.stop()))).filter(Boolean).length;
      // Not every service passes every step in one practice's month; most must, or nothing was proved.
      expect(died).toBeGreaterThanOrEqual(Math.ceil(dying.length / 2));
    },
    180_000,
  );

  it(`survives kill -9 at ${RANDOM_KILLS} random moments (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    for (let monthNo = 0; monthNo < RANDOM_MONTHS; monthNo++) {
      const names = Object.keys(services.urls);
      const kills = Array.from({ length: KILLS_PER_MONTH }, () => ({
        // Another service each time: one that is being revived is dead already.
        victim: names.splice(Math.floor(random() * names.length), 1)[0]!,
        momentMs: random() * 2_500,
      }));
      const playing = month.play(practice(ROUNDS + 1 + monthNo), 20 + monthNo);
      const killing = kills.map(({ victim, momentMs }) => services.killAfter(victim, momentMs));
      expect(await playing).toBe(BigInt(22 + monthNo) * 1006n);
      await Promise.all(killing);
      expect(await linesOf(practice(ROUNDS + 1 + monthNo))).toBe(1);
    }
  }, 600_000);
});
