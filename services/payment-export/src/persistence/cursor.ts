import { cursorValues, type CursorKind } from '@attest/http';

/** The one value after which a list goes on; null on its first page. @throws CursorFaultyError */
export const after = (cursor: string | undefined, kind: CursorKind): string | null =>
  cursorValues(cursor, kind)?.[0] ?? null;
