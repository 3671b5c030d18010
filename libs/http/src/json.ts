/** JSON with bigint as a string of digits: pence have no other form there. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
