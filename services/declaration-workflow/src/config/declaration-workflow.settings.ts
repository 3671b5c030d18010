import { AuditSettings } from '@attest/audit';
import { IsInt, Max, Min } from 'class-validator';

export class DeclarationWorkflowSettings extends AuditSettings {
  /** Declarations locked together in a bulk: a hold waits for one chunk at most (500 take well under 100 ms). */
  @IsInt()
  @Min(1)
  @Max(500)
  BULK_CHUNK_SIZE: number = 500;

  /** Days that a bulk and its items can be looked up after it ended. The declarations' history is always kept. */
  @IsInt()
  @Min(1)
  @Max(3_650)
  BULKS_KEPT_DAYS: number = 90;

  /** Streams of progress that one process holds open; who comes later is asked to poll. */
  @IsInt()
  @Min(1)
  @Max(10_000)
  EVENT_STREAMS_MOST: number = 200;
}
