import { IsInt, IsNotEmpty, IsNumber, IsString, Max, Min } from 'class-validator';
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

  /** Of the pages that stand for a service and date: one person alone may change as many by withdrawing a file. */
  @IsNumber()
  @Min(0)
  @Max(100)
  WITHDRAWAL_ALONE_MOST_PERCENT: number = 2;

  /** Fewer pages than this never need a second person. */
  @IsInt()
  @Min(1)
  WITHDRAWAL_TWO_PEOPLE_FROM_PAGES: number = 20;
}
