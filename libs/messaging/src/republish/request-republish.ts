import { setTimeout as pause } from 'node:timers/promises';
import { TOPICS, uuidV7 } from '@attest/contracts';
import type { Database, Tx } from '@attest/persistence';
import { NotTheWriterError } from '../messaging.errors.js';
import { addRun, findRun, type RepublishRequest, type RepublishRun } from './republish-runs.js';

const POLL_MS = 200;

/**
 * Asks a running service, through its database, to tell a topic again, and waits until it has; for commands, which have
 * no publishers of their own.
 * @throws when the run failed; when no replica told anything within the limit
 */
export async function requestRepublish(
  database: Database,
  service: string,
  request: RepublishRequest,
  idleLimitMs = 60_000,
): Promise<RepublishRun> {
  if (TOPICS[request.topic].writer !== service) throw new NotTheWriterError(service, request.topic);
  let seen = await addRun(database, uuidV7(), request);
  for (let movedAt = Date.now(); Date.now() - movedAt < idleLimitMs; await pause(POLL_MS)) {
    const run = (await findRun(database, seen.runId))!;
    if (run.status === 'done') return run;
    if (run.status === 'failed')
      throw new Error(
        `The republication ${run.runId} failed: ${run.failure?.message ?? 'see the log of the service'}`,
      );
    if (run.events !== seen.events || run.publisher !== seen.publisher) movedAt = Date.now();
    seen = run;
  }
  throw new Error(
    `No replica of ${service} has told anything of the republication ${seen.runId} for ${idleLimitMs / 1000} s. The run stays and goes on when one does: is the service running?`,
  );
}

/** The same for a service that finds out itself, in its own transaction, that something has to be told again. */
export const republishLater = (tx: Tx, request: RepublishRequest): Promise<RepublishRun> =>
  addRun(tx, uuidV7(), request);
