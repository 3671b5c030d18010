// The statements that a service sent, and which of them one request needs.

/** As PostgreSQL got it: bytes, a list, or a text. */
export type RecordedValue =
  { readonly hex: string } | { readonly array: readonly string[] } | { readonly text: string | null };

export interface SentStatement {
  /** Statements of one connection have the same number. */
  readonly connection: number;
  /** Of a prepared statement. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly RecordedValue[];
}

export interface RecordedStatement extends SentStatement {
  readonly inTransaction?: boolean;
}

/** What each request has of its own. */
export interface RequestIds {
  readonly declarationId: string;
  readonly key: string;
  readonly hash: string;
}

/** An id of the recorded request that another request has in its place: one of its own, or a fresh one. */
export type Place = { readonly recorded: string } & (
  { readonly id: keyof RequestIds } | { readonly fresh: string }
);

export interface Recording {
  readonly statements: readonly RecordedStatement[];
  readonly places: readonly Place[];
}

/** Of all that a replica sends, what belongs to the one request: its transaction, and what names its key or person. */
export function statementsOf(
  lines: readonly SentStatement[],
  { declarationId, key }: Pick<RequestIds, 'declarationId' | 'key'>,
): Recording {
  const has = (line: SentStatement, text: string): boolean =>
    line.values.some((value) => 'text' in value && value.text?.includes(text));
  const lineAt = (at: number): SentStatement => {
    const line = lines[at];
    if (!line) throw new Error(`a statement of the declaration ${declarationId} was not recorded`);
    return line;
  };
  const claim = lines.findIndex((line) => has(line, key));
  const keep = lines.findLastIndex((line) => has(line, key));
  const locks = lines.findIndex((line, at) => at > claim && has(line, declarationId));
  const { connection } = lineAt(locks);
  const begin = lines.findLastIndex(
    (line, at) => at <= locks && line.connection === connection && line.text.startsWith('BEGIN'),
  );
  const commit = lines.findIndex(
    (line, at) => at > locks && line.connection === connection && line.text === 'COMMIT',
  );
  const guard = lines.findLastIndex(
    (line, at) => at < claim && line.name?.startsWith('access') && line.values.length > 0,
  );
  const statements: RecordedStatement[] = [
    ...(guard < 0 ? [] : [lineAt(guard)]),
    lineAt(claim),
    ...lines
      .slice(begin, commit + 1)
      .filter((line) => line.connection === connection)
      .map((line) => ({ ...line, inTransaction: true })),
    lineAt(keep),
  ];
  return {
    statements,
    places: [
      { recorded: declarationId, id: 'declarationId' },
      { recorded: key, id: 'key' },
      ...eventIdsOf(statements).map((recorded) => ({ recorded, fresh: recorded })),
    ],
  };
}

function eventIdsOf(statements: readonly RecordedStatement[]): string[] {
  const ids = statements.find(({ name }) => name === 'outbox-add')?.values[1];
  const found = ids && 'text' in ids ? ids.text?.match(/[0-9a-f-]{36}/g) : undefined;
  if (!found) throw new Error('the recorded request added no event to the outbox');
  return found;
}
