import { describe, expect, it } from '@jest/globals';
import { factsOf, findColumns, isFaulty, whatDiffers, type HeaderFaults } from './file-header.js';

const columns = ['PRACTICE_CODE', 'MEASURE', 'VALUE'];
const layout = { columns, passedOver: ['REGION_NAME'] };
const faultsOf = (header: string[]): HeaderFaults => {
  const found = findColumns(header, layout);
  if (!isFaulty(found)) throw new Error('has no faults');
  return found;
};

describe('columns of a header', () => {
  it.each([
    ['as they are documented', ['PRACTICE_CODE', 'MEASURE', 'VALUE'], [0, 1, 2]],
    ['in another order', ['VALUE', 'PRACTICE_CODE', 'MEASURE'], [1, 2, 0]],
    ['beside those that nobody reads', ['REGION_NAME', 'PRACTICE_CODE', 'MEASURE', 'VALUE'], [1, 2, 3]],
    ['in small letters, with spaces', [' practice code', 'Measure ', 'value'], [0, 1, 2]],
    ['broken over two lines', ['Practice\r\nCode', 'MEASURE', 'VALUE'], [0, 1, 2]],
  ])('are found %s', (_how, header, places) => {
    expect(findColumns(header, layout)).toEqual({ places, width: header.length, unnamed: [] });
  });

  it.each([
    ['where they are there', ['VALUE', 'AGE', 'PRACTICE_CODE', 'MEASURE'], [2, 3, 0, 1]],
    ['and may be left out', ['VALUE', 'PRACTICE_CODE', 'MEASURE'], [1, 2, 0, -1]],
  ])('that are optional are found behind the others %s', (_how, header, places) => {
    expect(findColumns(header, { columns, optional: ['AGE'] })).toMatchObject({ places });
  });

  it('leave those without a name aside', () => {
    expect(findColumns([...columns, '', ' '], layout)).toMatchObject({ width: 5, unnamed: [3, 4] });
  });

  it('are named where they are missing, too many or there twice', () => {
    const faults = faultsOf(['PRACTICE_CODE', 'VALUE', 'Value', 'AGE']);
    expect(factsOf(faults, columns)).toEqual({ missing: 'MEASURE', unknown: 'AGE', repeated: 'Value' });
    expect(whatDiffers(faults, columns)).toBe(
      'These columns are missing: MEASURE. These are too many: AGE. These stand there twice: Value. ' +
        'Send, in any order: PRACTICE_CODE,MEASURE,VALUE',
    );
  });

  it('are told without repeating a first line that is no header', () => {
    const faults = faultsOf(['A81001', 'Mrs Jane Doe', '7']);
    expect(whatDiffers(faults, columns)).toContain('none of the columns');
    expect(JSON.stringify([whatDiffers(faults, columns), factsOf(faults, columns)])).not.toContain('Jane');
  });

  it.each([
    ['semicolons', 'PRACTICE_CODE;MEASURE;VALUE'],
    ['tabs', 'PRACTICE_CODE\tMEASURE\tVALUE'],
  ])('are told to be parted by %s', (separator, line) => {
    expect(whatDiffers(faultsOf([line]), columns)).toContain(separator);
  });

  it('are named up to a measure', () => {
    const many = Array.from({ length: 500 }, (_, i) => `${'X'.repeat(100)}${i}`);
    expect(whatDiffers(faultsOf(['VALUE', ...many]), columns).length).toBeLessThan(2_000);
  });
});
