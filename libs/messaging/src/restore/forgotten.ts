import { textArray, type Database, type Tx } from '@attest/persistence';

/** What the restored service has told and does not know any more. Others keep it until the same thing is told again. */
export interface ForgottenEvent extends ForgottenKey {
  readonly eventId: string;
  readonly epoch: number;
  readonly version: number;
  /** As others have read it. */
  readonly data: unknown;
  /** When the service told what stands instead; null while it did not. */
  readonly toldAgainAt: Date | null;
}

export interface ForgottenKey {
  readonly topic: string;
  readonly key: string;
  readonly type: string;
}

export interface ForgottenOfType {
  readonly topic: string;
  readonly type: string;
  readonly keys: number;
  readonly events: number;
}

export interface ForgottenPage {
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly topic?: string | undefined;
  readonly type?: string | undefined;
  readonly key?: string | undefined;
}

type Asking = Pick<Tx, 'query'>;

const COLUMNS = `f.event_id AS "eventId", f.epoch, f.topic, f.key, f.type, f.aggregate_version AS version, f.payload,
  f.told_again_at AS "toldAgainAt"`;

type Row = Omit<ForgottenEvent, 'version' | 'data'> & { version: bigint; payload: string };

const eventOf = ({ version, payload, ...row }: Row): ForgottenEvent => ({
  ...row,
  version: Number(version),
  data: JSON.parse(payload) as unknown,
});

export async function forgottenByType(asking: Asking, epoch: number): Promise<ForgottenOfType[]> {
  const { rows } = await asking.query<ForgottenOfType>(
    `SELECT topic, type, count(DISTINCT key)::int AS keys, count(*)::int AS events
     FROM forgotten_event WHERE epoch = $1 GROUP BY topic, type ORDER BY topic, type`,
    [epoch],
  );
  return rows;
}

/** What is to be told again: a republisher raises the versions of these, see `versionAfter`, and says what stands. */
export async function forgottenKeys(asking: Asking, topics: readonly string[]): Promise<ForgottenKey[]> {
  const { rows } = await asking.query<ForgottenKey>(
    `SELECT DISTINCT topic, key, type FROM forgotten_event WHERE told_again_at IS NULL AND topic = ANY($1::text[])
     ORDER BY topic, key, type`,
    [textArray(topics)],
  );
  return rows;
}

/** The same with their data, the oldest version first: the last of a key is what others keep. */
export async function forgottenEvents(asking: Asking, topics: readonly string[]): Promise<ForgottenEvent[]> {
  const { rows } = await asking.query<Row>(
    `SELECT ${COLUMNS} FROM forgotten_event f WHERE f.told_again_at IS NULL AND f.topic = ANY($1::text[])
     ORDER BY f.aggregate_version, f.event_id`,
    [textArray(topics)],
  );
  return rows.map(eventOf);
}

/**
 * All that was forgotten of the next keys and not told again yet, each key's oldest version first. Of replicas that start
 * together one takes them, and the others find them told.
 */
export async function takeForgotten(
  tx: Tx,
  topic: string,
  { afterKey, limit }: { readonly afterKey: string | null; readonly limit: number },
): Promise<ForgottenEvent[]> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('attest.forgotten:' || $1, 0))`, [topic]);
  const { rows } = await tx.query<Row>(
    `SELECT ${COLUMNS} FROM forgotten_event f
     WHERE f.told_again_at IS NULL AND f.topic = $1 AND f.key IN (
       SELECT DISTINCT key FROM forgotten_event
       WHERE told_again_at IS NULL AND topic = $1 AND ($2::text IS NULL OR key > $2) ORDER BY key LIMIT $3)
     ORDER BY f.key, f.aggregate_version, f.event_id`,
    [topic, afterKey, limit],
  );
  return rows.map(eventOf);
}

/** Which of these keys were told and forgotten, whether or not something was told of them since. */
export async function forgottenAmong(
  tx: Tx,
  topic: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ key: string }>(
    `SELECT DISTINCT key FROM forgotten_event WHERE topic = $1 AND key = ANY($2::text[])`,
    [topic, textArray(keys)],
  );
  return new Set(rows.map(({ key }) => key));
}

/** In the transaction that tells it. */
export async function markToldAgain(tx: Tx, keys: readonly ForgottenKey[]): Promise<void> {
  await tx.query(
    `UPDATE forgotten_event f SET told_again_at = now()
     FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::text[])) AS t (topic, key, type)
     WHERE (f.topic, f.key, f.type) = (t.topic, t.key, t.type) AND f.told_again_at IS NULL`,
    [
      textArray(keys.map(({ topic }) => topic)),
      textArray(keys.map(({ key }) => key)),
      textArray(keys.map(({ type }) => type)),
    ],
  );
}

export async function listForgotten(database: Database, page: ForgottenPage): Promise<ForgottenEvent[]> {
  const { rows } = await database.query<Row>(
    `SELECT ${COLUMNS} FROM forgotten_event f
     WHERE ($1::uuid IS NULL OR f.event_id > $1) AND ($2::text IS NULL OR f.topic = $2)
       AND ($3::text IS NULL OR f.type = $3) AND ($4::text IS NULL OR f.key = $4)
     ORDER BY f.event_id LIMIT $5`,
    [page.afterId ?? null, page.topic ?? null, page.type ?? null, page.key ?? null, page.limit],
  );
  return rows.map(eventOf);
}
