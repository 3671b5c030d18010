import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { canBeReached, openFolder, runsAsRoot } from '../src/paths.js';

const parent = mkdtempSync(join(tmpdir(), 'attest-paths-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

describe('a folder for the data of PostgreSQL', () => {
  it('beneath one that is closed to others can be reached unless root runs the stack', () => {
    chmodSync(parent, 0o700);
    expect(canBeReached(join(parent, 'not', 'yet', 'made'))).toBe(!runsAsRoot);
  });

  it('beneath open ones can be reached', () => {
    chmodSync(parent, 0o711);
    mkdirSync(join(parent, 'made'), { mode: 0o711 });
    expect(canBeReached(join(parent, 'made', 'later'))).toBe(true);
  });

  it('that is made for the stack can be reached', () => {
    chmodSync(parent, 0o711);
    expect(canBeReached(openFolder(join(parent, 'state')))).toBe(true);
  });
});
