import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decidePage, leaveWhatStood, type CurrentPage, type LeftValue } from './page-decision.js';
import { whatStands, type Said } from './what-stands.js';

const fields = ['ONE', 'TWO'].map((indicatorCode) => ({ indicatorCode, fieldName: 'DOSES' }));
const said = (over: Partial<Said>): Said => ({
  amendmentId: null,
  pageVersion: 1,
  rulePackVersion: 1,
  fields,
  values: [100, 40],
  left: null,
  submittedAt: new Date('2026-08-05T10:00:00Z'),
  fileId: 'a',
  fileName: 'a.csv',
  fileSha256: 'a',
  firstLine: 2,
  lastLine: 3,
  defaultsUsed: 0,
  ...over,
});
const at = (hour: number) => new Date(Date.UTC(2026, 7, 5, hour));
const notRead: LeftValue = { ...fields[1]!, code: 'VALUE_NOT_A_NUMBER', line: 3, fromPageVersion: 1 };

describe('what stands of everything that was said', () => {
  it('is nothing where nothing was said', () => expect(whatStands([])).toBeUndefined());

  it('is an amendment, though what it amended was withdrawn', () => {
    const amendment = said({ amendmentId: 'x', pageVersion: 2, values: [104, 40], submittedAt: at(12) });
    expect(whatStands([amendment])).toBe(amendment);
    expect(whatStands([amendment, said({ values: [90, 40], submittedAt: at(9) })])).toBe(amendment);
  });

  it('is the file, where it says after an amendment what nobody had said before', () => {
    const amendment = said({ amendmentId: 'x', pageVersion: 2, values: [104, 40], submittedAt: at(12) });
    const later = said({ pageVersion: 3, fileId: 'b', values: [107, 40], submittedAt: at(13) });
    expect(whatStands([said({}), amendment, later])).toMatchObject({ fileId: 'b', values: [107, 40] });
    const repeats = said({ pageVersion: 3, fileId: 'b', values: [100, 40], submittedAt: at(13) });
    expect(whatStands([said({}), amendment, repeats])).toEqual({ ...amendment, submittedAt: at(13) });
  });

  it('is as new as the newest file that said the same, and is marked as that one left it', () => {
    const first = said({ left: [{ ...notRead, fromPageVersion: null }], values: [100, null] });
    const repeats = said({ fileId: 'b', values: [100, null], submittedAt: at(13) });
    expect(whatStands([first, repeats])).toMatchObject({ fileId: 'a', submittedAt: at(13), left: null });
    const late = said({ fileId: 'c', values: [90, 50], submittedAt: at(12) });
    expect(whatStands([first, repeats, late])).toMatchObject({ values: [100, null] });
  });

  it('has no value that only a withdrawn file had given', () => {
    const later = said({
      pageVersion: 2,
      fileId: 'b',
      values: [101, 40],
      left: [notRead],
      submittedAt: at(12),
    });
    expect(whatStands([said({}), later])).toMatchObject({ values: [101, 40], left: [notRead] });
    expect(whatStands([later])).toMatchObject({ values: [101, null], left: [{ fromPageVersion: null }] });
  });

  it('is what taking the files one after another leaves', () => {
    const aFile = fc.record({
      hour: fc.integer({ min: 1, max: 9 }),
      first: fc.constantFrom(100, 101),
      second: fc.constantFrom(40, 41, null),
    });
    fc.assert(
      fc.property(fc.uniqueArray(aFile, { selector: ({ hour }) => hour, maxLength: 6 }), (files) => {
        const all = files.map(({ hour, first, second }, place) =>
          said({
            fileId: String(place),
            values: [first, second],
            left: second === null ? [notRead] : null,
            submittedAt: at(hour),
          }),
        );
        let current: CurrentPage | undefined;
        for (const one of [...all].sort((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime())) {
          const unread = one.left ? [{ place: 1, code: notRead.code, line: 3, doubtful: false }] : [];
          const incoming = { ...one, unread };
          const decision = decidePage(current, incoming);
          const { values, left } = leaveWhatStood(incoming, current);
          const page: CurrentPage = decision === 'unchanged' ? current! : { ...one, values };
          current = { ...page, left: left.length > 0 ? left : null, submittedAt: one.submittedAt };
        }
        const { values, left, submittedAt } = whatStands(all) ?? {};
        const marks = left?.map(({ saidBy: _saidBy, ...mark }) => mark);
        expect({ values, left: marks ?? left, submittedAt }).toEqual({
          values: current?.values,
          left: current?.left,
          submittedAt: current?.submittedAt,
        });
      }),
    );
  });
});
