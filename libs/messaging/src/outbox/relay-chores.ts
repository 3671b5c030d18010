import type { Client } from 'pg';
import type { Database } from '@attest/persistence';
import { METRICS, type MessagingLogger, type MessagingMetrics } from '../ports.js';
import { keepHouse } from './housekeeping.js';
import { outboxDepth } from './outbox-rows.js';
import type { ShardOwnership } from './shard-ownership.js';
import type { StalledShards } from './stalled-shards.js';

const SHARE_EVERY_MS = 1_000;
const SURVEY_EVERY_MS = 5_000;
const HOUSE_EVERY_MS = 3_600_000;

export interface RelayChoresOptions {
  readonly service: string;
  readonly database: Database;
  readonly logger: MessagingLogger;
  readonly metrics: MessagingMetrics;
}

/** What a relay does between its sends: it shares the shards with others, says how it stands, and has the house kept. */
export class RelayChores {
  /** When the shards are shared anew. No send is in flight then. */
  shareAt = 0;
  private surveyAt = 0;
  private houseAt = 0;

  constructor(private readonly options: RelayChoresOptions) {}

  /** A new connection owns nothing yet. */
  begin(): void {
    this.shareAt = 0;
  }

  async do(client: Client, ownership: ShardOwnership, stalled: StalledShards): Promise<void> {
    const now = Date.now();
    const { metrics, service, database, logger } = this.options;
    if (now >= this.shareAt) {
      await ownership.share(stalled.beingTried);
      stalled.forgetOthers((shard) => ownership.owns(shard));
      this.shareAt = now + SHARE_EVERY_MS;
    }
    if (now >= this.surveyAt) {
      this.surveyAt = now + SURVEY_EVERY_MS;
      metrics.gauge(METRICS.ownedShards, ownership.shards.length, { service });
      if (ownership.owns(0)) {
        const { depth, oldestSeconds } = await outboxDepth(client);
        metrics.gauge(METRICS.outboxDepth, depth, { service });
        metrics.gauge(METRICS.outboxOldestSeconds, oldestSeconds, { service });
      }
    }
    if (now >= this.houseAt && ownership.owns(0)) {
      this.houseAt = now + HOUSE_EVERY_MS;
      // Not awaited: records must not wait for the broom.
      void keepHouse(database).catch((error: unknown) =>
        logger.warn({ error }, 'housekeeping failed; it is tried again in an hour'),
      );
    }
  }
}
