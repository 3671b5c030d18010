import { AuditSettings } from '@attest/audit';
import { IsInt, Max, Min } from 'class-validator';

export class CommissionerApprovalSettings extends AuditSettings {
  /** Days that a bulk and its items can be looked up after its last item was answered. Signatures are always kept. */
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
