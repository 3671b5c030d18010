import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { parsePounds } from '@attest/money';
import { parsePounds as ofTheFile } from '../../libs/money/src/pence.js';
import { loadedAt } from './loaded-at.js';

/** Left for whoever comes next in this process. */
const seen = ((globalThis as { specsSeen?: string[] }).specsSeen ??= []);

describe('how specs are loaded (docs/decisions/0018)', () => {
  it('a package of ours is its sources, the same by name and by file', () => {
    expect(parsePounds).toBe(ofTheFile);
  });

  it('a spec has its helpers for itself, in a copy that no other spec of the process sees', () => {
    expect(loadedAt).toMatch(/loaded-at\.ts\?spec=\d+$/);
    expect(import.meta.url).toMatch(/specs-are-loaded\.spec\.ts\?spec=\d+$/);
    expect(seen).not.toContain(loadedAt);
    seen.push(loadedAt);
  });

  it('an error names the line of the source', () => {
    const { stack } = new Error('here');
    expect(stack).toMatch(/specs-are-loaded\.spec\.ts:22:/);
  });

  it('values of the process are of the classes that a spec knows', async () => {
    const thrown: unknown = await import('node:fs').then(({ readFileSync }) => {
      try {
        return readFileSync('/nowhere');
      } catch (error) {
        return error;
      }
    });
    expect(thrown).toBeInstanceOf(Error);
    expect(JSON.parse('[1]')).toBeInstanceOf(Array);
  });

  it('what a spec spies on is given back after it', () => {
    jest.spyOn(spied, 'ask').mockReturnValue('spied');
    expect(spied.ask()).toBe('spied');
  });
});

const spied = { ask: () => 'itself' };
afterAll(() => {
  jest.restoreAllMocks();
  if (spied.ask() !== 'itself') throw new Error('the spy was not given back');
});
