import { describe, expect, it } from '@jest/globals';
import { rowsOf, withRow } from '../src/records.js';

const PAGE = `# Records

## Long

| What | Commit | Result |
| ---- | ------ | ------ |
| model | aaa | passed |

## Repeated

Each with another seed.

| Commit | Seed |
| ------ | ---- |

## Words
`;

describe('the page of records', () => {
  it('gives the rows of one table', () => {
    expect(rowsOf(PAGE, 'Long')).toEqual([['model', 'aaa', 'passed']]);
    expect(rowsOf(PAGE, 'Repeated')).toEqual([]);
  });

  it('keeps the newest row of what is recorded once', () => {
    const page = withRow(PAGE, 'Long', ['model', 'bbb', 'failed'], 1);
    expect(rowsOf(page, 'Long')).toEqual([['model', 'bbb', 'failed']]);
  });

  it('adds up rows of what is recorded with its seed, and leaves the rest of the page alone', () => {
    const page = withRow(withRow(PAGE, 'Repeated', ['bbb', '7'], 2), 'Repeated', ['bbb', '8'], 2);
    expect(rowsOf(page, 'Repeated')).toEqual([
      ['bbb', '7'],
      ['bbb', '8'],
    ]);
    expect(page.split('\n').filter((line) => !line.startsWith('| bbb'))).toEqual(PAGE.split('\n'));
  });

  it('names a section that is missing', () => {
    expect(() => rowsOf(PAGE, 'Gone')).toThrow('no section Gone');
  });
});
