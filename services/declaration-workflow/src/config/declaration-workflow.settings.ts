import { AuditSettings } from '@attest/audit';
import { IsInt, Max, Min } from 'class-validator';

export class DeclarationWorkflowSettings extends AuditSettings {
  /** Declarations locked together in a bulk: a hold waits for one chunk at most (500 take well under 100 ms). */
  @IsInt()
  @Min(1)
  @Max(500)
  BULK_CHUNK_SIZE: number = 500;
}
