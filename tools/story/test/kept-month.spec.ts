import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  askedFor,
  decide,
  readKept,
  writeKept,
  type FinishedMonth,
  type KeptMark,
} from '../src/kept-month.js';
import { readOptions } from '../src/options.js';

const folder = mkdtempSync(join(tmpdir(), 'attest-kept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW = new Date('2026-11-30T12:00:00Z');
const asked = (words: string[], given: Record<string, string> = {}) =>
  askedFor(readOptions(words, ''), given);
/** What a start with these words leaves. */
const kept = (state: KeptMark['state'], words: string[], given?: Record<string, string>): KeptMark => {
  const { england, servers } = asked(words, given);
  return { state, england, servers, at: '2026-11-29T08:00:00.000Z' };
};
const decided = (of: KeptMark | undefined, words: string[], given?: Record<string, string>) =>
  decide(of, asked(words, given), NOW);

describe('a start', () => {
  it('begins where nothing is kept, without a word of it', () => {
    expect(decided(undefined, [])).toEqual({ does: 'begin' });
  });

  it('begins anew where the last one was interrupted, whatever is asked for, and says so', () => {
    expect(decided(kept('beginning', ['--england']), ['--seed', '2'])).toEqual({
      does: 'begin',
      says: expect.stringContaining('interrupted'),
    });
  });

  it.each([
    [[], []],
    [
      ['--seed', '2'],
      ['--seed', '2', '--exit', '--json'],
    ],
    [['--england'], ['--england', '--separate']],
  ])('brings up the month that %j played when %j asks for the same England', (before, now) => {
    expect(decided(kept('played', before), now)).toEqual({ does: 'bring up' });
  });

  it('brings up what --up loaded when --up asks again', () => {
    expect(decided(kept('loaded', ['--up']), ['--up', '--exit'])).toEqual({ does: 'bring up' });
  });

  it('says without the password that DATABASE_URL is no address', () => {
    expect(() => asked([], { DATABASE_URL: 'postgres://a:se#cret@host:99x/postgres' })).toThrow(
      /^DATABASE_URL is no address(?!.*se#cret)/,
    );
  });

  it('says that published files have changed, instead of the command that was given', () => {
    const { servers } = asked([]);
    const england = { data: '/published', files: 'one' };
    const before: KeptMark = { state: 'played', england, servers, at: '2026-11-29T08:00:00.000Z' };
    const { does, says } = decide(
      before,
      { england: { ...england, files: 'other' }, up: false, check: false, servers },
      NOW,
    );
    expect([does, says]).toEqual(['refuse', expect.stringContaining('have changed since')]);
  });

  it.each<[string, KeptMark['state'], string[], string[], string]>([
    ['another seed', 'played', [], ['--seed', '2'], '`npm start` brings it up'],
    ['the whole', 'played', [], ['--england'], '`npm start` brings it up'],
    [
      'a region',
      'played',
      ['--england', '--seed', '3'],
      [],
      '`npm start -- --england --seed 3` brings it up',
    ],
    ['no month', 'played', [], ['--up'], '`npm start` brings it up'],
    ['a month', 'loaded', ['--up'], [], '`npm start -- --up` brings it up'],
    [
      'another seed over TLS',
      'played',
      ['--kafka-tls', 'mutual'],
      ['--seed', '2', '--kafka-tls', 'mutual'],
      '`npm start -- --kafka-tls scram` brings it up',
    ],
    [
      'one without TLS',
      'played',
      ['--england', '--kafka-tls', 'scram'],
      [],
      '`npm start -- --england --kafka-tls scram` brings it up',
    ],
    ['one over TLS', 'played', [], ['--kafka-tls', 'scram'], '`npm start` brings it up'],
  ])('refuses to replace what is kept by %s, and names both ways on', (_, state, before, now, way) => {
    const { does, says } = decided(kept(state, before), now);
    expect(does).toBe('refuse');
    expect(says).toContain('the made-up');
    expect(says).toContain('on 2026-11-29');
    expect(says).toContain(way);
    expect(says).toContain('`npm run reset` removes it, and the next start begins anew.');
  });

  it('refuses other servers than those that the kept month lies on, and never tells a password', () => {
    const given = {
      DATABASE_URL: 'postgres://admin:hidden@db.example:5432/postgres',
      KAFKA_BROKERS: 'k:9092',
    };
    const there = kept('played', [], given);
    expect(decided(there, [], given)).toEqual({ does: 'bring up' });
    const { does, says } = decided(there, []);
    expect(does).toBe('refuse');
    expect(says).toContain('PostgreSQL: db.example:5432, Kafka: k:9092');
    expect(JSON.stringify(there)).not.toContain('hidden');
    expect(decided(kept('played', []), [], given).does).toBe('refuse');
  });

  it('brings up a month over TLS by either way, and refuses it without TLS', () => {
    const there = kept('played', ['--kafka-tls', 'scram']);
    expect(decided(there, ['--kafka-tls', 'mutual'])).toEqual({ does: 'bring up' });
    expect(decided(there, [])).toMatchObject({
      does: 'refuse',
      says: expect.stringContaining('Kafka: our own over TLS'),
    });
  });

  it('brings up a month whose topics are gone after 35 days, but does not claim to check it', () => {
    const old = { ...kept('played', []), at: '2026-10-20T08:00:00.000Z' };
    expect(decided(old, [])).toEqual({ does: 'bring up' });
    expect(decided(old, ['--exit'])).toEqual({ does: 'refuse', says: expect.stringContaining('too old') });
  });
});

describe('what is kept', () => {
  it('is read as it was written, and nothing is where nothing was', () => {
    expect(readKept(folder)).toBeUndefined();
    const month: FinishedMonth = {
      ...kept('played', ['--england']),
      state: 'played',
      month: '/state/month/one',
      summary: {
        separate: false,
        stateFolder: '/state',
        storySeconds: 60,
        peakMemoryMb: 900,
        pence: { paid: '100' },
        scenes: {},
        invariants: {},
        passed: true,
      },
    };
    writeKept(folder, month);
    expect(readKept(folder)).toEqual(month);
    expect(existsSync(join(folder, 'kept.json.new'))).toBe(false);
  });
});
