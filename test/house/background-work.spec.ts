import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/**
 * What goes on outside requests and chunks: it waits for a time, is woken, or is not waited for. Services have
 * `@Scheduled`, `ChunkedWork` and the hooks of their start for it, which say the kind of work by themselves.
 */
const GOES_ON_BY_ITSELF =
  /\bset(?:Timeout|Interval|Immediate)\(|^ +(?:async )?wake\(|\bvoid (?!reply\b|\w+\.push\()[\w.#]+\(|^ +(?:async )?on(?:ModuleInit|ApplicationBootstrap)\(/m;

const SAYS = /\basWork\(\s*'(?:job|chunk|housekeeping)'/;
const SAYS_ITSELF = 'says its kind by asWork';
const ASKS_NOTHING = 'asks no database';
const SHORT = 'asks the database one short thing, as a request does';
const SESSION = 'works on a session of its own, which has its own limits';
const BY_MECHANISM = 'goes on only within ChunkedWork or the scheduler';

/** Whose limits each of them has. One that is new has to be decided here. */
const DECIDED: Readonly<Record<string, string>> = {
  'libs/auth/src/issuer-keys.ts': ASKS_NOTHING,
  'libs/bulk/src/bulk-jobs.ts': BY_MECHANISM,
  'libs/bulk/src/bulk-lanes.ts': BY_MECHANISM,
  'libs/bulk/src/work-on-bulks.ts': BY_MECHANISM,
  'libs/hosting/src/clock/movable-clock.ts': SHORT,
  'libs/hosting/src/health/consumer-watch.ts': ASKS_NOTHING,
  'libs/hosting/src/health/readiness.ts': SHORT,
  'libs/hosting/src/scheduler/chunked-work.ts': SAYS_ITSELF,
  'libs/hosting/src/scheduler/lease.ts': SESSION,
  'libs/hosting/src/scheduler/scheduler.ts': SAYS_ITSELF,
  // The hooks of the start.
  'libs/hosting/src/service.ts': SAYS_ITSELF,
  'libs/hosting/src/stop-in-order.ts': ASKS_NOTHING,
  'libs/messaging/src/barriers/barrier-node.ts': SAYS_ITSELF,
  'libs/messaging/src/hang-watch.ts': ASKS_NOTHING,
  'libs/messaging/src/messaging.ts': ASKS_NOTHING,
  // `keepHouse`, which says `housekeeping`.
  'libs/messaging/src/outbox/relay-chores.ts': SESSION,
  'libs/messaging/src/outbox/relay.ts': SESSION,
  'libs/messaging/src/outbox/wake.ts': SHORT,
  'libs/messaging/src/reading/batch-server.ts': ASKS_NOTHING,
  'libs/messaging/src/reading/consumption-watch.ts': SHORT,
  'libs/messaging/src/reading/lag-gauge.ts': ASKS_NOTHING,
  'libs/messaging/src/reading/liveness-watch.ts': ASKS_NOTHING,
  'libs/messaging/src/reading/membership.ts': ASKS_NOTHING,
  'libs/messaging/src/reading/offset-teller.ts': ASKS_NOTHING,
  'libs/messaging/src/replay/replay.ts': SAYS_ITSELF,
  'libs/messaging/src/republish/republisher.ts': SAYS_ITSELF,
  'libs/persistence/src/bounded-client.ts': ASKS_NOTHING,
  'libs/persistence/src/gate.ts': ASKS_NOTHING,
  'services/aggregation/src/application/run-recalculations.ts': SAYS_ITSELF,
  'services/declaration-workflow/src/application/core/tell-forgotten.ts': 'a hook of the start',
  'services/organisations/src/application/register-ground.ts': 'a hook of the start',
  'services/organisations/src/application/tell-forgotten.ts': 'a hook of the start',
  'services/payment-export/src/persistence/folder.file-store.ts': ASKS_NOTHING,
};

const sources = (): Map<string, string> =>
  new Map(
    ['libs', 'services'].flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' })
        .filter((path) => /^[^/]+\/src\/.*(?<!\.spec)\.ts$/.test(path))
        .map((path) => [join(room, path), readFileSync(join(room, path), 'utf8')] as const),
    ),
  );

describe('what goes on outside requests (docs/decisions/0028)', () => {
  it('has the limits of its kind: whoever is new here says it by asWork, or is found to need none', () => {
    const found = [...sources()].filter(([path, text]) => GOES_ON_BY_ITSELF.test(text) || path in DECIDED);
    expect(found.map(([path]) => path).sort()).toEqual(Object.keys(DECIDED).sort());
    const silent = found.filter(([path, text]) => DECIDED[path] === SAYS_ITSELF && !SAYS.test(text));
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('and what is found to ask no database has none at hand', () => {
    const asking = [...sources()].filter(
      ([path, text]) =>
        DECIDED[path] === ASKS_NOTHING && /\b(database|tx)\.(query|transaction|connect)\(/.test(text),
    );
    expect(asking.map(([path]) => path)).toEqual([]);
  });
});
