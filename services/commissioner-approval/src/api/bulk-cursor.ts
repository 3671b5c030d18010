import { CursorFaultyError, decodeCursor } from '@attest/http';

/** @throws CursorFaultyError */
export function ordinalFrom(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [ordinal] = decodeCursor(cursor, 1);
  if (!/^\d{1,5}$/.test(ordinal!)) throw new CursorFaultyError();
  return Number(ordinal);
}
