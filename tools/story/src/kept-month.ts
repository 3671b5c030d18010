// What stands in the state folder, what is asked for, and what follows: begin, bring up, or refuse.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from '@attest/stack/cannot-start';
import {
  filesMark,
  requirePublishedFiles,
  type MadeUpEngland,
  type PublishedEngland,
} from '@attest/england/month-files';
import type { Options } from './options.js';
import type { Summary } from './played.js';

/** Topics are kept 35 days (libs/contracts): after that the invariants have nothing left to look at. */
const CHECKABLE_DAYS = 34;
const DAY_MS = 86_400_000;
const OURS = 'our own';
const OURS_OVER_TLS = 'our own over TLS';

/** Which England is asked for; of published files also what tells that they are still the same. */
export type AskedEngland = (PublishedEngland & { readonly files: string }) | MadeUpEngland;

/** What the data lies on. */
export interface Servers {
  readonly postgres: string;
  readonly kafka: string;
}

export interface Asked {
  readonly england: AskedEngland;
  /** Without a played month. */
  readonly up: boolean;
  /** The invariants are wanted. */
  readonly check: boolean;
  readonly servers: Servers;
}

/** Which month is kept: what a start compares with what it is asked for. */
export interface KeptMark {
  /** `beginning` until it is done. */
  readonly state: 'beginning' | 'played' | 'loaded';
  readonly england: AskedEngland;
  readonly servers: Servers;
  /** When it began, or was done. */
  readonly at: string;
}
export interface BegunMonth extends KeptMark {
  readonly state: 'beginning';
}
export interface FinishedMonth extends KeptMark {
  readonly state: 'played' | 'loaded';
  /** The folder of its files. */
  readonly month: string;
  /** What was told of it. */
  readonly summary: Summary;
}
export type Kept = BegunMonth | FinishedMonth;

export type Decision =
  | { readonly does: 'begin' | 'bring up'; readonly says?: string }
  | { readonly does: 'refuse'; readonly says: string };

/** Where servers of somebody's own are given, as the environment names them. */
interface GivenServers {
  readonly DATABASE_URL?: string | undefined;
  readonly KAFKA_BROKERS?: string | undefined;
}

export function askedFor(
  { data, england, seed, up, exit, kafkaTls }: Options,
  given: GivenServers = process.env,
): Asked {
  if (data) requirePublishedFiles(data);
  return {
    england: data ? { data, files: filesMark(data) } : { seed, region: !england },
    up,
    check: exit && !up,
    servers: {
      // Without the password, which is nobody's to keep.
      postgres: given.DATABASE_URL ? hostOf(given.DATABASE_URL) : OURS,
      kafka: given.KAFKA_BROKERS || (kafkaTls ? OURS_OVER_TLS : OURS),
    },
  };
}

/** @param url whose fault must not be told with the password in it */
function hostOf(url: string): string {
  if (URL.canParse(url)) return new URL(url).host;
  throw new CannotStart(
    'DATABASE_URL is no address such as postgres://user:password@host:5432/postgres: write special characters of the password as %23, %2F and so on.',
  );
}

/** Never removes a finished month: only what was interrupted begins anew by itself. */
export function decide(kept: KeptMark | undefined, asked: Asked, now: Date): Decision {
  if (!kept) return { does: 'begin' };
  if (kept.state === 'beginning')
    return { does: 'begin', says: 'The last start was interrupted before it was done, so it begins anew.' };
  const what = `${wordsOf(kept)} is kept here`;
  const otherwise = '`npm run reset` removes it, and the next start begins anew.';
  if (!isSame(kept.servers, asked.servers)) {
    const way =
      areOurs(kept.servers) && areOurs(asked.servers)
        ? `\`${commandOf(kept, asked)}\` brings it up`
        : 'start with the same servers to bring it up';
    return { does: 'refuse', says: `${what}, on ${serversOf(kept.servers)}: ${way}; ${otherwise}` };
  }
  if (kept.england.data && kept.england.data === asked.england.data && !isSame(kept.england, asked.england))
    return {
      does: 'refuse',
      says: `${what}, and the published files there have changed since: ${otherwise}`,
    };
  if ((kept.state === 'loaded') !== asked.up || !isSame(kept.england, asked.england))
    return { does: 'refuse', says: `${what}: \`${commandOf(kept, asked)}\` brings it up; ${otherwise}` };
  if (asked.check && now.getTime() - Date.parse(kept.at) > CHECKABLE_DAYS * DAY_MS)
    return {
      does: 'refuse',
      says: `${what}, but its topics are too old to check the invariants again: start without --exit to bring it up; ${otherwise}`,
    };
  return { does: 'bring up' };
}

/** Field by field; both sides are written in the same order. */
const isSame = (one: Servers | AskedEngland, other: Servers | AskedEngland) =>
  JSON.stringify(one) === JSON.stringify(other);

function wordsOf({ state, england, at }: KeptMark): string {
  const day = at.slice(0, 10);
  const where = nameOf(england);
  return state === 'loaded'
    ? `A stack with ${where}, loaded on ${day} without a played month,`
    : `The month of ${where}, played on ${day},`;
}

export const nameOf = ({ data, seed, region }: AskedEngland) =>
  data
    ? `the England of the files in ${data}`
    : `the made-up ${region ? 'region' : 'England'} of seed ${seed}`;

const serversOf = ({ postgres, kafka }: Servers) => `PostgreSQL: ${postgres}, Kafka: ${kafka}`;

const areOurs = ({ postgres, kafka }: Servers) =>
  postgres === OURS && (kafka === OURS || kafka === OURS_OVER_TLS);

function commandOf({ state, england: { data, seed, region }, servers }: KeptMark, asked: Asked): string {
  const words = [
    ...(state === 'loaded' ? ['--up'] : []),
    ...(data ? [`--data ${data}`] : []),
    ...(data || region ? [] : ['--england']),
    // Where ATTEST_DATA is set, a seed says that it is not meant.
    ...(data || (seed === 1 && !asked.england.data) ? [] : [`--seed ${seed}`]),
    // Either way: both listeners are there.
    ...(servers.kafka === OURS_OVER_TLS ? ['--kafka-tls scram'] : []),
  ];
  return ['npm start', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
}

/** Servers of somebody's own that hold what is kept, in words. */
export function givenServers(kept: KeptMark | undefined): string | undefined {
  return kept && !areOurs(kept.servers) ? serversOf(kept.servers) : undefined;
}

const fileIn = (runDir: string) => join(runDir, 'kept.json');

export function readKept(runDir: string): Kept | undefined {
  const file = fileIn(runDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined;
}

export function writeKept(runDir: string, kept: Kept): void {
  const file = fileIn(runDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
