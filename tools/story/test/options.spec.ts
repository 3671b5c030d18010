import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readOptions } from '../src/options.js';

const folder = mkdtempSync(join(tmpdir(), 'attest-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (words: string[], givenData = '') => readOptions(words, givenData);

describe('npm start', () => {
  it('plays one made-up region, shows it and stays up, where nothing is asked for', () => {
    expect(read([])).toEqual({
      data: undefined,
      england: false,
      exit: false,
      json: false,
      separate: false,
      up: false,
      seed: 1,
    });
  });

  it.each(['england', 'exit', 'json', 'separate', 'up'])('takes --%s', (name) => {
    expect(read([`--${name}`])).toEqual({ ...read([]), [name]: true });
  });

  it.each(['scram', 'mutual'])('takes --kafka-tls %s', (way) => {
    expect(read(['--kafka-tls', way])).toMatchObject({ kafkaTls: way });
  });

  it('plays on the published files that --data or ATTEST_DATA names', () => {
    expect(read(['--data', folder])).toMatchObject({ data: folder, england: false });
    expect(read([], folder)).toMatchObject({ data: folder });
  });

  it.each([['--england'], ['--seed', '7']])(
    'plays on a made-up one with %s, whatever ATTEST_DATA names',
    (...words) => {
      expect(read(words, folder)).toMatchObject({ data: undefined });
    },
  );

  it.each([
    [['--region'], 'npm start knows no --region'],
    [['england'], 'npm start knows no england'],
    [['--seed', '-1'], '--seed takes a whole number'],
    [['--seed'], '--seed needs a value'],
    [['--data', '--exit'], '--data needs a value'],
    [['--kafka-tls', 'none'], '--kafka-tls takes scram or mutual'],
    [['--data', join(folder, 'none')], 'There is no folder'],
    [['--data', folder, '--england'], 'leave one of them out'],
    [['--data', folder, '--seed', '2'], 'leave one of them out'],
  ])('refuses %j in words', (words, sentence) => {
    expect(() => read(words)).toThrow(sentence);
  });

  it('explains every option', () => {
    const { help } = read(['--help']);
    for (const name of ['england', 'data', 'seed', 'up', 'exit', 'json', 'separate', 'kafka-tls'])
      expect(help).toContain(`--${name}`);
  });
});
