import { CursorFaultyError, decodeCursor } from '@attest/http';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id after which a page begins. @throws CursorFaultyError */
export function uuidFrom(cursor: string): string {
  const [id] = decodeCursor(cursor, 1);
  if (!UUID.test(id!)) throw new CursorFaultyError();
  return id!;
}
