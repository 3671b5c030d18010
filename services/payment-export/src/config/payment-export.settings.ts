import { AuditSettings } from '@attest/audit';
import { IsInt, IsNotEmpty, IsString, Max, Min } from 'class-validator';

const MEBIBYTE = 1024 * 1024;

export class PaymentExportSettings extends AuditSettings {
  /** Folder of the sealed files, outside the database; shared by all replicas, and backed up by itself. */
  @IsString()
  @IsNotEmpty()
  FILE_STORE!: string;

  /** How long the barrier of a run at the cut-off may take. */
  @IsInt()
  @Min(1)
  @Max(86_400)
  RELEASE_LIMIT_SECONDS: number = 300;

  /** How long a run at the cut-off waits for declaration-workflow's answers. */
  @IsInt()
  @Min(1)
  @Max(86_400)
  RELEASE_COLLECT_SECONDS: number = 300;

  @IsInt()
  @Min(1)
  ACKNOWLEDGEMENT_FILE_MOST_BYTES: number = 64 * MEBIBYTE;
}
