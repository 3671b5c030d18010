import { describe, expect, it } from '@jest/globals';
import { sizeLines } from '../src/database-size.js';

const relation = (name: string, kb: number) => ({ name, rows: 2_000, kb, indexesKb: 1 });

describe('the table of where the bytes go', () => {
  it('names each service by size, its largest relations, and what of them falls to a declaration', () => {
    const lines = sizeLines({
      kb: 3_000,
      declarations: 100,
      kbPerDeclaration: 30,
      services: {
        catalogue: { kb: 1_000, largest: [relation('offer', 150), relation('nearly_empty', 0.5)] },
        'declaration-workflow': { kb: 2_000, largest: [relation('declaration', 1_250)] },
      },
    });
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['relation', 'rows', 'kB', 'of them indexes', 'kB a declaration'],
      ['declaration-workflow', '2,000', '20.00'],
      ['declaration', '2,000', '1,250', '1', '12.50'],
      ['catalogue', '1,000', '10.00'],
      ['offer', '2,000', '150', '1', '1.50'],
      ['all databases', '3,000', '30.00'],
    ]);
  });
});
