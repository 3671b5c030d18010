import { randomUUID } from 'node:crypto';
import { eventually } from './eventually.js';
import type { Json } from './json.js';
import type { ServiceUnderTest } from './service-under-test.js';

export interface RepublishedEvent {
  readonly type: string;
  readonly key: string;
  readonly version: number;
  readonly data: Json;
}

/** Has a service tell a topic again, and answers what it told, in its order. */
export async function republished(
  service: ServiceUnderTest,
  topic: string,
  keys?: readonly string[],
): Promise<RepublishedEvent[]> {
  const runId = randomUUID();
  await service.database.query(
    `INSERT INTO republish_run (run_id, topic, keys, rate_per_second, requested_by, reason) VALUES ($1, $2, $3, 1000, 'spec', 'spec')`,
    [runId, topic, keys ?? null],
  );
  const run = await eventually(async () => {
    const { rows } = await service.database.query<{ status: string; events: string; failure: unknown }>(
      `SELECT status, events, failure FROM republish_run WHERE run_id = $1`,
      [runId],
    );
    return rows[0]!.status === 'running' ? undefined : rows[0]!;
  });
  if (run.status !== 'done') throw new Error(`${topic} was not told again: ${JSON.stringify(run.failure)}`);
  return eventually(async () => {
    const { rows } = await service.database.query<{
      type: string;
      key: string;
      version: string;
      payload: string;
    }>(
      `SELECT type, key, aggregate_version AS version, payload FROM outbox_archive
       WHERE headers ->> 'ce_republished' = $1 ORDER BY seq`,
      [runId],
    );
    if (rows.length < Number(run.events)) return undefined;
    return rows.map(({ type, key, version, payload }) => ({
      type,
      key,
      version: Number(version),
      data: JSON.parse(payload) as Json,
    }));
  });
}
