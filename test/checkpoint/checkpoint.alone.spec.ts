import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SERVICES, type ServiceName } from '@attest/contracts';
import { draws } from '@attest/testing';
import { startLocalServices, type LocalServices } from './local-services.js';
import { randomFrom } from './random.js';
import { SmallMonth } from './small-month.js';

/** Each service dies once at each of these steps, in this order. */
const STEPS: readonly (readonly [service: ServiceName, steps: readonly string[]])[] = [
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
/** In which all of them have come to all of their steps; usually they need three or four. */
const MOST_MONTHS = 12;
const KILLS_PER_MONTH = 4;
/** Usually each service once. */
const KILLS = draws({ name: 'CHECKPOINT_KILLS', usual: STEPS.length, full: 200 });
const RANDOM_MONTHS = Math.ceil(KILLS.count / KILLS_PER_MONTH);
const PRACTICES = 1 + MOST_MONTHS + RANDOM_MONTHS;

const practice = (n: number): string => `X${String(n).padStart(5, '0')}`;

let folder: string;
let services: LocalServices;
let month: SmallMonth;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attest-checkpoint-'));
  services = await startLocalServices(folder);
  month = new SmallMonth(services);
  await month.prepare(Array.from({ length: PRACTICES }, (_, n) => practice(n)));
}, 240_000);
afterAll(async () => {
  await month?.asked.close();
  await services?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** How often a declaration's line stands in all files, and what was said of it. */
async function linesOf(organisation: string): Promise<number> {
  const [found] = await month.asked.rows<{ n: number }>(
    'payment-export',
    `SELECT count(*)::int AS n FROM sealed_line WHERE provider_code = $1`,
    [organisation],
  );
  return found!.n;
}

let played = 0;
/** The month of the next practice. */
async function paidOnce(): Promise<void> {
  const [organisation, count] = [practice(played), 12 + played];
  played++;
  expect(await month.play(organisation, count)).toBe(BigInt(count + 2) * 1006n);
  expect(await linesOf(organisation)).toBe(1);
}

describe('one practice, one service, one amended figure, one paid line', () => {
  it('goes through all eight services as separate processes', paidOnce, 120_000);

  const died: string[] = [];
  it('is paid once while every service dies at one of its named steps after another', async () => {
    let over = false;
    const dying = Promise.all(
      STEPS.map(([service, steps]) =>
        services.dieAt(service, steps, (step) => void died.push(`${service} at ${step}`)),
      ),
    ).finally(() => (over = true));
    dying.catch(() => undefined);
    for (let months = 0; !over && months < MOST_MONTHS; months++) await paidOnce();
    // A service that ended in another way says how.
    if (over) await dying;
    expect([...died].sort()).toEqual(
      STEPS.flatMap(([service, steps]) => steps.map((step) => `${service} at ${step}`)).sort(),
    );
    await dying;
    // Of what they had to do again nothing is left over for the next.
    await paidOnce();
  }, 600_000);

  it(
    `is paid once over kill -9 at ${KILLS.count} random moments (${KILLS.repeat})`,
    async () => {
      const random = randomFrom(KILLS.seed);
      let names: ServiceName[] = [];
      for (let left = KILLS.count; left > 0; left -= KILLS_PER_MONTH) {
        const kills = Array.from({ length: Math.min(left, KILLS_PER_MONTH) }, () => {
          // Another service each time: one that is being started again is dead already.
          if (names.length === 0) names = [...SERVICES];
          const victim = names.splice(Math.floor(random() * names.length), 1)[0]!;
          return { victim, momentMs: random() * 2_500 };
        });
        const killing = Promise.all(
          kills.map(({ victim, momentMs }) => services.killAfter(victim, momentMs)),
        );
        // A service that does not come up again is told when the month is over.
        killing.catch(() => undefined);
        await paidOnce();
        await killing;
      }
    },
    60_000 + RANDOM_MONTHS * 60_000,
  );
});
