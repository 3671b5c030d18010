import { CursorFaultyError, decodeCursor } from '@attest/http';

/** What a list's cursor holds, by the kind of column that the list is ordered by. */
const KINDS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  number: /^\d{1,9}$/,
  bigint: /^\d{1,18}$/,
  name: /^[\w.-]{1,200}$/,
} as const;

/** @throws CursorFaultyError */
export function after(cursor: string | undefined, kind: keyof typeof KINDS): string | null {
  if (cursor === undefined) return null;
  const [value] = decodeCursor(cursor, 1);
  if (!KINDS[kind].test(value!)) throw new CursorFaultyError();
  return value!;
}
