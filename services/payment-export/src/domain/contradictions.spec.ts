import { describe, expect, it } from '@jest/globals';
import { ACKNOWLEDGEMENT_FILE_COLUMNS } from '@attest/contracts';
import { readAcknowledgementFile } from './acknowledgement-file.js';
import { contradictionsIn } from './contradictions.js';

const ID = '01990000-0000-7000-8000-000000000001';
const OTHER = '01990000-0000-7000-8000-000000000002';
const line = (rest: string, { id = ID, attempt = 1, number = 1 } = {}): string =>
  `a.csv,${number},${id},${attempt},${rest}`;
const ACCEPTED = line('100,ACCEPTED,,');
const REJECTED = line('100,REJECTED,DUPL,Duplicate');

/** Which lines contradict, by their place. */
function contradicting(lines: readonly string[]): number[] {
  const { lines: read } = readAcknowledgementFile(
    Buffer.from([ACKNOWLEDGEMENT_FILE_COLUMNS.join(','), ...lines].join('\n')),
  );
  const isContradicted = contradictionsIn(read);
  return read.flatMap((one) => (isContradicted(one) ? [one.line - 2] : []));
}

describe('within one file of answers', () => {
  it.each([
    ['accepted and rejected', [ACCEPTED, REJECTED]],
    ['two reasons of one rejection', [REJECTED, line('100,REJECTED,AC04,Closed')]],
    ['two amounts', [ACCEPTED, line('1000,ACCEPTED,,')]],
    ['an outcome that is unknown, beside one', [ACCEPTED, line('100,PENDING,,')]],
    ['a rejection without its reason', [ACCEPTED, line('100,REJECTED,,')]],
    ['a rejection whose text is not kept', [ACCEPTED, line('100,REJECTED,A,For 943 476 5919')]],
    ['a rejection whose quote does not close', [ACCEPTED, line('100,REJECTED,A,"b')]],
    ['a rejection of another line number', [ACCEPTED, line('100,REJECTED,A,b', { number: 2 })]],
    ['accepted and returned', [ACCEPTED, line('100,RETURNED,ARUCS-B,Closed')]],
    ['three answers', [ACCEPTED, ACCEPTED, REJECTED]],
  ])('%s of one attempt contradict in every order, all of them', (_, lines) => {
    const all = lines.map((_line, at) => at);
    expect(contradicting(lines)).toEqual(all);
    expect(contradicting([...lines].reverse())).toEqual(all);
    // The line of somebody else stays what it is, wherever it stands.
    const beside = [line('100,ACCEPTED,,', { id: OTHER }), ...lines, line('5,REJECTED,A,b', { attempt: 2 })];
    expect(contradicting(beside)).toEqual(all.map((at) => at + 1));
  });

  it.each([
    ['the same answer twice', [REJECTED, REJECTED]],
    ['the same answer, quoted', [REJECTED, line('100,REJECTED,DUPL,"Duplicate"')]],
    ['two acceptances, one with words beside it', [ACCEPTED, line('100,ACCEPTED,OK,Paid by BACS')]],
    ['two attempts', [REJECTED, line('100,ACCEPTED,,', { attempt: 2 })]],
    ['two declarations', [REJECTED, line('100,ACCEPTED,,', { id: OTHER })]],
    ['lines that name none', ['what is this', 'and this']],
  ])('%s do not contradict', (_, lines) => {
    expect(contradicting(lines)).toEqual([]);
  });
});
