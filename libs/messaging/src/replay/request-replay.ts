import { setTimeout as pause } from 'node:timers/promises';
import { uuidV7 } from '@attest/contracts';
import type { Database } from '@attest/persistence';
import type { ReplayRequest, ReplayResult } from './replay-request.js';
import { recordReplay } from './replay-store.js';

const POLL_MS = 100;

/**
 * Asks a running service, through its database, to replay; for commands, which have no handlers of their own.
 * @throws when no replica took it, or it failed, within the limit
 */
export async function requestReplay(
  database: Database,
  consumer: string,
  request: ReplayRequest,
  limitMs = 600_000,
): Promise<ReplayResult> {
  const id = uuidV7();
  await recordReplay(database, consumer, id, request, 'requested');
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await pause(POLL_MS)) {
    const { rows } = await database.query<{ status: string; result: ReplayResult & { message?: string } }>(
      `SELECT status, result FROM dead_letter_replay WHERE id = $1`,
      [id],
    );
    const { status, result } = rows[0]!;
    if (status === 'done') return result;
    if (status === 'failed')
      throw new Error(`The replay ${id} failed: ${result.message ?? 'see the log of the service'}`);
  }
  throw new Error(
    `No replica of ${consumer} finished the replay ${id} within ${limitMs / 1000} s; is it running?`,
  );
}
