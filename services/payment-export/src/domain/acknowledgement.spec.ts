import { describe, expect, it } from '@jest/globals';
import {
  decideAnswer,
  QUARANTINE_WORDS,
  readAcknowledgement,
  type Acknowledgement,
} from './acknowledgement.js';

const ID = '01900000-0000-7000-8000-000000000001';
const cells = ['A.csv', '1', ID, '1', '12072', 'ACCEPTED', '', ''];
const read = (at: number, value: string) =>
  readAcknowledgement(cells.map((cell, i) => (i === at ? value : cell)));

describe('an acknowledgement', () => {
  it('is read from the documented cells', () => {
    expect(readAcknowledgement(cells)).toMatchObject({ lineNumber: 1, pence: 12_072n, outcome: 'ACCEPTED' });
  });

  it.each([
    ['LINE_MALFORMED', 0, ''],
    ['LINE_MALFORMED', 1, '1.5'],
    ['LINE_MALFORMED', 2, 'one'],
    ['LINE_MALFORMED', 4, '120.72'],
    ['LINE_MALFORMED', 4, '-5'],
    ['OUTCOME_UNKNOWN', 5, 'MAYBE'],
    ['REASON_MISSING', 5, 'REJECTED'],
  ] as const)('is quarantined with %s', (code, at, value) => {
    expect(read(at, value)).toBe(code);
    expect(QUARANTINE_WORDS[code]).toMatch(/\.$/);
  });

  it('with a cell too many or too few is quarantined', () => {
    expect(readAcknowledgement(cells.slice(1))).toBe('LINE_MALFORMED');
    expect(readAcknowledgement([...cells, 'x'])).toBe('LINE_MALFORMED');
  });

  const answer = readAcknowledgement(cells) as Acknowledgement;
  const rejection = readAcknowledgement([
    'A.csv',
    '1',
    ID,
    '1',
    '12072',
    'REJECTED',
    'CLOSED',
    'Account closed.',
  ]) as Acknowledgement;
  it.each([
    ['apply', answer, { pence: 12_072n, state: 'sealed' }],
    ['apply', rejection, { pence: 12_072n, state: 'sealed' }],
    ['repeated', answer, { pence: 12_072n, state: 'acknowledged' }],
    ['repeated', rejection, { pence: 12_072n, state: 'rejected' }],
    ['ANSWERS_CONTRADICT', rejection, { pence: 12_072n, state: 'acknowledged' }],
    ['ANSWERS_CONTRADICT', answer, { pence: 12_072n, state: 'rejected' }],
    ['AMOUNT_DIFFERS', answer, { pence: 1n, state: 'sealed' }],
    ['LINE_UNKNOWN', answer, undefined],
  ] as const)('decides %s', (decision, given, line) => {
    expect(decideAnswer(given, line)).toBe(decision);
  });
});
