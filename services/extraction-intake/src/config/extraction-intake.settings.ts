import { IsInt, IsNotEmpty, IsString, Min } from 'class-validator';
import { AuditSettings } from '@attest/audit';

const MEBIBYTE = 1024 * 1024;

export class ExtractionIntakeSettings extends AuditSettings {
  /** Folder of the original files; shared by all replicas. */
  @IsString()
  @IsNotEmpty()
  FILE_STORE!: string;

  /** Largest file when unpacked. A national month of QOF is about 250 MB. */
  @IsInt()
  @Min(1)
  EXTRACT_FILE_MOST_BYTES: number = 2048 * MEBIBYTE;
}
