// @ts-nocheck
// What stands in the state folder, what is asked for, and what follows: begin, bring up, or refuse.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from '@attest/stack/cannot-start';
import { filesMark, requirePublishedFiles } from '@attest/england/month-files';

/** Topics are kept 35 days (libs/contracts): after that the invariants have nothing left to look at. */
const CHECKABLE_DAYS = 34;
const DAY_MS = 86_400_000;
const OURS = 'our own';

/**
 * @typedef {object} Asked
 * @property {import('@attest/england/month-files').ChosenEngland & { files?: string }} england
 * @property {boolean} up without a played month
 * @property {boolean} check the invariants are wanted
 * @property {{ postgres: string, kafka: string }} servers that the data lies on
 */

/**
 * @typedef {object} Kept
 * @property {'beginning' | 'played' | 'loaded'} state `beginning` until it is done
 * @property {Asked['england']} england
 * @property {Asked['servers']} servers
 * @property {string} at when it began, or was done
 * @property {string} [month] the folder of its files
 * @property {object} [summary] what was told of it
 */

/**
 * @param {import('./options.js').Options} options
 * @param {{ DATABASE_URL?: string, KAFKA_BROKERS?: string }} [given]
 * @returns {Asked}
 */
export function askedFor({ data, england, seed, up, exit }, given = process.env) {
  if (data) requirePublishedFiles(data);
  return {
    england: data ? { data, files: filesMark(data) } : { seed, region: !england },
    up,
    check: exit && !up,
    servers: {
      // Without the password, which is nobody's to keep.
      postgres: given.DATABASE_URL ? hostOf(given.DATABASE_URL) : OURS,
      kafka: given.KAFKA_BROKERS || OURS,
    },
  };
}

/** @param {string} url whose fault must not be told with the password in it */
function hostOf(url) {
  if (URL.canParse(url)) return new URL(url).host;
  throw new CannotStart(
    'DATABASE_URL is no address such as postgres://user:password@host:5432/postgres: write special characters of the password as %23, %2F and so on.',
  );
}

/**
 * Never removes a finished month: only what was interrupted begins anew by itself.
 * @param {Kept | undefined} kept
 * @param {Asked} asked
 * @param {Date} now
 * @returns {{ does: 'begin' | 'bring up' | 'refuse', says?: string }}
 */
export function decide(kept, asked, now) {
  if (!kept) return { does: 'begin' };
  if (kept.state === 'beginning')
    return { does: 'begin', says: 'The last start was interrupted before it was done, so it begins anew.' };
  const what = `${wordsOf(kept)} is kept here`;
  const otherwise = '`npm run reset` removes it, and the next start begins anew.';
  if (!isSame(kept.servers, asked.servers))
    return {
      does: 'refuse',
      says: `${what}, on ${serversOf(kept.servers)}: start with the same servers to bring it up; ${otherwise}`,
    };
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
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @param {Kept} kept */
function wordsOf({ state, england, at }) {
  const day = at.slice(0, 10);
  const where = nameOf(england);
  return state === 'loaded'
    ? `A stack with ${where}, loaded on ${day} without a played month,`
    : `The month of ${where}, played on ${day},`;
}

/** @param {Asked['england']} england */
export const nameOf = ({ data, seed, region }) =>
  data
    ? `the England of the files in ${data}`
    : `the made-up ${region ? 'region' : 'England'} of seed ${seed}`;

const serversOf = ({ postgres, kafka }) => `PostgreSQL: ${postgres}, Kafka: ${kafka}`;

/** @param {Kept} kept @param {Asked} asked */
function commandOf({ state, england: { data, seed, region } }, asked) {
  const words = [
    ...(state === 'loaded' ? ['--up'] : []),
    ...(data ? [`--data ${data}`] : []),
    ...(data || region ? [] : ['--england']),
    // Where ATTEST_DATA is set, a seed says that it is not meant.
    ...(data || (seed === 1 && !asked.england.data) ? [] : [`--seed ${seed}`]),
  ];
  return ['npm start', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
}

/** Servers of somebody's own that hold what is kept, in words. @param {Kept | undefined} kept */
export function givenServers(kept) {
  if (!kept || Object.values(kept.servers).every((server) => server === OURS)) return undefined;
  return serversOf(kept.servers);
}

const fileIn = (runDir) => join(runDir, 'kept.json');

/** @param {string} runDir @returns {Kept | undefined} */
export function readKept(runDir) {
  const file = fileIn(runDir);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** @param {string} runDir @param {Kept} kept */
export function writeKept(runDir, kept) {
  const file = fileIn(runDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
