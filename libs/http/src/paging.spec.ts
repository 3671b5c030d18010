import { describe, expect, it } from '@jest/globals';
import { bindCursor, cursorValues, encodeCursor, unbindCursor } from './paging.js';

describe('a cursor', () => {
  const id = '01990000-0000-7000-8000-0000000000dd';

  it('gives back the values of a page’s end, and nothing on the first page', () => {
    expect(cursorValues(encodeCursor([id, 7n]), 'uuid', 'bigint')).toEqual([id, '7']);
    expect(cursorValues(undefined, 'uuid')).toBeUndefined();
  });

  it.each([
    ['text that is none', 'no cursor'],
    ['another kind of value', encodeCursor(['x'])],
    ['SQL', encodeCursor(["'; --"])],
    ['too many values', encodeCursor([id, id])],
    ['too few values', encodeCursor([])],
  ])('of %s is refused before it reaches a query', (_what, cursor) => {
    expect(() => cursorValues(cursor, 'uuid')).toThrow(expect.objectContaining({ code: 'CURSOR_FAULTY' }));
  });

  it.each([
    ['a number too large for its column', 'bigint', '9'.repeat(19)],
    ['a day that no month has', 'date', '2026-02-31'],
    ['the year 0', 'date', '0000-01-01'],
    ['a time without its instant', 'instant', '2026-02-01'],
    ['a text with a NUL', 'text', 'a\0'],
  ] as const)('of %s is refused, too', (_what, kind, value) => {
    expect(() => cursorValues(encodeCursor([value]), kind)).toThrow(
      expect.objectContaining({ code: 'CURSOR_FAULTY' }),
    );
  });

  it('is good for the list that it is bound to, and for no other', () => {
    const given = bindCursor(encodeCursor([id]), '/freezes standing=true');
    expect(cursorValues(unbindCursor(given, '/freezes standing=true'), 'uuid')).toEqual([id]);
    for (const other of ['/freezes', '/declarations standing=true'])
      expect(() => unbindCursor(given, other)).toThrow(expect.objectContaining({ code: 'CURSOR_FAULTY' }));
    expect(() => unbindCursor(encodeCursor([id]), '/freezes')).toThrow(
      expect.objectContaining({ code: 'CURSOR_FAULTY' }),
    );
  });
});
