import { describe, expect, it } from '@jest/globals';
import { cellsOf, readAcknowledgementFile } from './acknowledgement-file.js';
import type { LondonDate } from '@attest/calendar';
import {
  decideAnswer,
  QUARANTINE_WORDS,
  readAcknowledgement,
  type Acknowledgement,
  type AnsweredLine,
} from './acknowledgement.js';

const ID = '01900000-0000-7000-8000-000000000001';
const HEADER = 'file_name,line_number,declaration_id,attempt,amount_pence,outcome,reason_code,reason';
const cells = ['A.csv', '1', ID, '1', '12072', 'ACCEPTED', '', ''];
const rejected = ['A.csv', '1', ID, '1', '12072', 'REJECTED', 'CLOSED', 'Account closed.'];
const read = (at: number, value: string, from = cells) =>
  readAcknowledgement(from.map((cell, i) => (i === at ? value : cell)));
const answer = readAcknowledgement(cells) as Acknowledgement;
const rejection = readAcknowledgement(rejected) as Acknowledgement;
const file = (...lines: string[]) =>
  readAcknowledgementFile(Buffer.from([HEADER, ...lines].join('\n'))).lines;

describe('an acknowledgement', () => {
  it('is read from the documented cells', () => {
    expect(readAcknowledgement(cells)).toMatchObject({ lineNumber: 1, pence: 12_072n, outcome: 'ACCEPTED' });
    expect(readAcknowledgement(rejected)).toMatchObject({ reasonCode: 'CLOSED', reason: 'Account closed.' });
  });

  it.each([
    ['LINE_MALFORMED', 'no file name', 0, ''],
    ['LINE_MALFORMED', 'half a line number', 1, '1.5'],
    ['LINE_MALFORMED', 'line 0', 1, '0'],
    ['LINE_MALFORMED', 'a line number beyond counting', 1, '99999999999999999999'],
    ['LINE_MALFORMED', 'a declaration that is none', 2, 'one'],
    ['LINE_MALFORMED', 'an attempt with a sign', 3, '-1'],
    ['LINE_MALFORMED', 'pounds', 4, '120.72'],
    ['LINE_MALFORMED', 'a negative amount', 4, '-5'],
    ['LINE_MALFORMED', 'a formula', 4, '=1+1'],
    ['LINE_MALFORMED', 'a NUL', 7, 'a\0b'],
    ['OUTCOME_UNKNOWN', 'another word', 5, 'MAYBE'],
    ['OUTCOME_UNKNOWN', 'small letters', 5, 'accepted'],
    ['REASON_MISSING', 'a rejection without one', 5, 'REJECTED'],
  ] as const)('is quarantined with %s for %s', (code, _, at, value) => {
    expect(read(at, value)).toBe(code);
    expect(QUARANTINE_WORDS[code]).toMatch(/\.$/);
  });

  it.each([
    ['REASON_MISSING', 'spaces for a reason', 7, '   '],
    ['REASON_MISSING', 'no code', 6, ''],
    ['REASON_TOO_LONG', 'a long code', 6, 'X'.repeat(41)],
    ['REASON_TOO_LONG', 'a long reason', 7, 'x'.repeat(1_001)],
  ] as const)('that rejects is quarantined with %s for %s', (code, _, at, value) => {
    expect(read(at, value, rejected)).toBe(code);
  });

  it('with a cell too many or too few is quarantined', () => {
    expect(readAcknowledgement(cells.slice(1))).toBe('LINE_MALFORMED');
    expect(readAcknowledgement([...cells, 'x'])).toBe('LINE_MALFORMED');
  });

  const sealedOn = '2026-08-01' as LondonDate;
  const TODAY = '2026-09-10' as LondonDate;
  const line = (state: AnsweredLine['state'], pence = 12_072n, returnedOn: string | null = null) =>
    ({ pence, state, sealedOn, returnedOn }) as AnsweredLine;
  it.each([
    ['apply', answer, line('sealed')],
    ['apply', rejection, line('sealed')],
    ['repeated', answer, line('acknowledged')],
    ['repeated', rejection, line('rejected')],
    ['ANSWERS_CONTRADICT', rejection, line('acknowledged')],
    ['ANSWERS_CONTRADICT', answer, line('rejected')],
    ['AMOUNT_DIFFERS', answer, line('sealed', 1n)],
    ['LINE_UNKNOWN', answer, undefined],
    // It had been accepted before it came back.
    ['repeated', answer, line('returned', 12_072n, '2026-08-20')],
    ['ANSWERS_CONTRADICT', rejection, line('returned', 12_072n, '2026-08-20')],
  ] as const)('decides %s', (decision, given, of) => {
    expect(decideAnswer(given, of, TODAY)).toBe(decision);
  });

  const back = (day: string) => readAcknowledgement([...rejected.with(5, 'RETURNED'), day], 9);
  const returned = (day: string) => back(day) as Acknowledgement;
  it.each([
    ['apply', 'of an accepted line', '2026-08-20', line('acknowledged')],
    ['apply', 'on the day of sealing', '2026-08-01', line('acknowledged')],
    ['apply', 'today', '2026-09-10', line('acknowledged')],
    ['RETURN_DATE_IMPOSSIBLE', 'before it was sealed', '2026-07-31', line('acknowledged')],
    ['RETURN_DATE_IMPOSSIBLE', 'tomorrow', '2026-09-11', line('acknowledged')],
    ['RETURN_NOT_ACCEPTED', 'of a line that nobody answered', '2026-08-20', line('sealed')],
    ['RETURN_NOT_ACCEPTED', 'of a rejected line', '2026-08-20', line('rejected')],
    ['repeated', 'told again', '2026-08-20', line('returned', 12_072n, '2026-08-20')],
    ['ANSWERS_CONTRADICT', 'on another day', '2026-08-21', line('returned', 12_072n, '2026-08-20')],
    ['AMOUNT_DIFFERS', 'of a part', '2026-08-20', line('acknowledged', 1n)],
  ] as const)('decides %s for a return %s', (decision, _, day, of) => {
    expect(decideAnswer(returned(day), of, TODAY)).toBe(decision);
  });

  it('of a return is read with its day', () => {
    expect(back('2026-08-20')).toMatchObject({ outcome: 'RETURNED', returnedOn: '2026-08-20' });
    expect(back('')).toBe('RETURN_DATE_MISSING');
    expect(back('20/08/2026')).toBe('LINE_MALFORMED');
    expect(back('2026-02-30')).toBe('LINE_MALFORMED');
    // Only a return has one.
    expect(readAcknowledgement([...cells, '2026-08-20'], 9)).toBe('LINE_MALFORMED');
    expect(readAcknowledgement([...cells, ''], 9)).toMatchObject({ outcome: 'ACCEPTED', returnedOn: null });
    expect(readAcknowledgement(rejected.with(5, 'RETURNED'))).toBe('RETURN_DATE_MISSING');
    expect(readAcknowledgement([...rejected.with(5, 'RETURNED').with(7, ''), '2026-08-20'], 9)).toBe(
      'REASON_MISSING',
    );
  });
});

describe('an acknowledgement file', () => {
  it('is read line by line, with a byte order mark, CRLF and empty lines', () => {
    const bytes = Buffer.from(`\uFEFF${HEADER}\r\n${cells.join(',')}\r\n\r\n${rejected.join(',')}\r\n`);
    expect(readAcknowledgementFile(bytes).lines.map(({ line, text }) => [line, text])).toEqual([
      [2, cells.join(',')],
      [4, rejected.join(',')],
    ]);
  });

  it('takes quoted cells', () => {
    const [line] = file(`A.csv,1,${ID},1,12072,REJECTED,CLOSED,"Closed, says ""the bank"""`);
    expect(line!.answer).toMatchObject({ reason: 'Closed, says "the bank"' });
  });

  it('keeps aside one line whose quote does not close, and reads the next', () => {
    const [spoilt, whole] = file(`A.csv,1,${ID},1,12072,REJECTED,CLOSED,"Closed`, cells.join(','));
    expect(spoilt).toMatchObject({ line: 2, answer: 'LINE_MALFORMED' });
    expect(whole!.answer).toMatchObject({ outcome: 'ACCEPTED' });
  });

  it('may name the day of returns in a ninth column', () => {
    const bytes = Buffer.from(
      [
        `${HEADER},returned_on`,
        `${cells.join(',')},`,
        `${rejected.with(5, 'RETURNED').join(',')},2026-08-20`,
      ].join('\n'),
    );
    const { lines: read } = readAcknowledgementFile(bytes);
    expect(read.map(({ answer }) => answer)).toMatchObject([
      { outcome: 'ACCEPTED', returnedOn: null },
      { outcome: 'RETURNED', returnedOn: '2026-08-20' },
    ]);
    expect(read[1]!.stated).toMatchObject({ outcome: 'RETURNED', returnedOn: '2026-08-20' });
  });

  it.each([
    ['in a reason', `A.csv,1,${ID},1,12072,REJECTED,CLOSED,Patient 943 476 5919`],
    ['in a line that cannot be read', '9434765919'],
    ['in a file name', `9434765919.csv,1,${ID},1,12072,ACCEPTED,,`],
    ['for an amount', `A.csv,1,${ID},1,9434765919,MAYBE,,`],
  ])('does not keep an NHS number %s', (_, line) => {
    const read = file(line);
    expect(read).toEqual([
      { line: 2, text: '[not kept]', answer: 'PATIENT_IDENTIFIER_FOUND', stated: expect.anything() },
    ]);
    expect(Object.values(read[0]!.stated).join(' ')).not.toMatch(/943/);
  });

  it.each([
    ['quoted', `A.csv,1,${ID},2,12072,REJECTED,CLOSED,"For 943 476 5919"`, 'A.csv', 2],
    ['with a cell too many', `A.csv,1,${ID},2,12072,REJECTED,CLOSED,For 943 476 5919,x`, 'A.csv', 2],
    ['whose quote does not close', `A.csv,1,${ID},2,12072,REJECTED,CLOSED,"For 943 476 5919`, 'A.csv', 2],
    ['in whose file name it stands', `9434765919.csv,1,${ID},2,12072,REJECTED,A,b`, null, 2],
    ['cut at its front', `${ID},2,12072,REJECTED,CLOSED,For 943 476 5919`, null, null],
  ])('still knows the line of one that it does not keep, %s', (_, line, fileName, attempt) => {
    expect(file(line)[0]!.stated).toMatchObject({ fileName, declarationId: ID, attempt, reason: null });
  });

  it('takes no id or amount for an NHS number', () => {
    const [line] = file(`A.csv,1,94347659-1900-7000-8000-943476591900,1,9434765919,ACCEPTED,,`);
    expect(line!.answer).toMatchObject({ pence: 9_434_765_919n });
  });

  it('takes an answer whose reason quotes a bank reference', () => {
    const reason = 'Returned under bank reference 2026081107';
    const [line] = file(`A.csv,1,${ID},1,12072,REJECTED,AC04,${reason}`);
    expect(line!.answer).toMatchObject({ outcome: 'REJECTED', reason });
  });

  it('counts rows in which nothing stands, and answers none of them', () => {
    const blank = [',,,,,,,', ' ', ', ,\t', '"","",""', '" ",,,,,,,', ','.repeat(16_383)];
    const text = [...blank, HEADER, cells.join(','), ...blank, '', rejected.join(','), ',,,,,,,x'].join(
      '\r\n',
    );
    const read = readAcknowledgementFile(Buffer.from(text));
    expect(read.blank).toBe(12);
    expect(read.lines.map(({ line }) => line)).toEqual([8, 16, 17]);
    expect(read.lines[2]!.answer).toBe('LINE_MALFORMED');
  });

  it('may end in a million of them', () => {
    const text = `${HEADER}\n${cells.join(',')}\n${',,,,,,,\n'.repeat(1_000_000)}`;
    expect(readAcknowledgementFile(Buffer.from(text))).toMatchObject({ blank: 1_000_000, lines: [{}] });
  });

  it('has its columns in any order, with capitals and spaces as they come', () => {
    const names = HEADER.split(',');
    const order = [7, 5, 6, 0, 4, 3, 2, 1];
    const header = order.map((i) => ` ${names[i]!.replace('_', ' ').toUpperCase()}`);
    const text = `${header.join(',')},\n${order.map((i) => rejected[i]).join(',')},\n`;
    expect(readAcknowledgementFile(Buffer.from(text)).lines[0]!.answer).toEqual(rejection);
  });

  it('has the ninth column anywhere, too, and still knows what a faulty line names', () => {
    const names = [...HEADER.split(','), 'Returned On'];
    const order = [8, 7, 5, 6, 0, 4, 3, 2, 1];
    const lineOf = (values: readonly string[]): string => order.map((i) => values[i]).join(',');
    const returned = [...rejected.with(3, '4').with(5, 'RETURNED'), '2026-08-20'];
    const text = [
      lineOf(names),
      lineOf(returned),
      lineOf(returned.with(5, 'MAYBE')),
      `${lineOf(returned)},x`,
      lineOf(returned.with(7, '"Closed')),
    ].join('\n');
    const { lines } = readAcknowledgementFile(Buffer.from(text));
    expect(lines.map(({ answer }) => answer)).toMatchObject([
      { attempt: 4, lineNumber: 1, returnedOn: '2026-08-20' },
      'OUTCOME_UNKNOWN',
      'LINE_MALFORMED',
      'LINE_MALFORMED',
    ]);
    for (const { stated } of lines.slice(0, 3))
      expect(stated).toMatchObject({ fileName: 'A.csv', lineNumber: 1, declarationId: ID, attempt: 4 });
    expect(lines[3]!.stated).toMatchObject({ declarationId: ID, attempt: null });
  });

  it('whose header lacks a column is refused, and the words name it', () => {
    const header = HEADER.replace('attempt', 'tries').replace('reason_code', 'outcome');
    expect(() => readAcknowledgementFile(Buffer.from(`${header}\n${cells.join(',')}\n`))).toThrow(
      expect.objectContaining({
        code: 'HEADER_WRONG',
        facts: { missing: 'attempt,reason_code', unknown: 'tries', repeated: 'outcome' },
      }),
    );
  });

  it('whose header holds an NHS number does not repeat it', () => {
    const read = (): unknown => readAcknowledgementFile(Buffer.from(`${HEADER},9434765919\n`));
    expect(read).toThrow(expect.objectContaining({ code: 'HEADER_WRONG', facts: {} }));
    expect(read).toThrow(expect.not.stringContaining('9434765919') as unknown as Error);
  });

  it('keeps of a line that is far too long its beginning', () => {
    const [line] = file('x'.repeat(100_000));
    expect(line).toMatchObject({ answer: 'LINE_MALFORMED' });
    expect(line!.text).toHaveLength(4_000);
  });

  it('keeps a NUL where the database can hold it', () => {
    expect(file('a\0b')).toEqual([
      { line: 2, text: 'a\uFFFDb', answer: 'LINE_MALFORMED', stated: expect.anything() },
    ]);
  });

  it.each([
    ['FILE_EMPTY', Buffer.from('')],
    ['FILE_EMPTY', Buffer.from(`${HEADER}\n`)],
    ['FILE_EMPTY', Buffer.from(`${HEADER}\n\n\n`)],
    ['FILE_NOT_UTF8', Buffer.from([0xff, 0xfe, 0x00])],
    ['FILE_NOT_UTF8', Buffer.concat([Buffer.from(`${HEADER}\nCaf`), Buffer.from([0xe9])])],
    ['HEADER_WRONG', Buffer.from('line_number,outcome\n1,ACCEPTED\n')],
    ['HEADER_WRONG', Buffer.from(`${cells.join(',')}\n`)],
    ['FILE_TOO_MANY_LINES', Buffer.from(`${HEADER}\n${'x\n'.repeat(250_001)}`)],
  ])('is refused whole with %s', (code, bytes) => {
    expect(() => readAcknowledgementFile(bytes)).toThrow(expect.objectContaining({ code, status: 422 }));
  });
});

describe('cells of a line', () => {
  it.each([
    ['a,b,,c', ['a', 'b', '', 'c']],
    ['"a","b"', ['a', 'b']],
    ['"a,""b""",c', ['a,"b"', 'c']],
    ['a,""', ['a', '']],
    ['a,"', undefined],
    ['a"b,c', undefined],
    ['"a"b,c', undefined],
  ])('of %s', (line, expected) => {
    expect(cellsOf(line)).toEqual(expected);
  });
});
