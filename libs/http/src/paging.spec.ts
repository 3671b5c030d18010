import { describe, expect, it } from '@jest/globals';
import { cursorValues, encodeCursor } from './paging.js';

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
});
