import { AuditSettings } from '@attest/audit';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

export class OrganisationsSettings extends AuditSettings {
  /** Who may load the first files, before anybody could say who may. */
  @IsOptional()
  @Matches(/^\S{1,120}$/, { message: '$property must be a person id without spaces' })
  BOOTSTRAP_OPERATOR_ID?: string;

  /** Unpacked. England's largest file has 1.5 MB. */
  @IsInt()
  @Min(1_024)
  @Max(1_073_741_824)
  ORGANISATION_FILE_MAX_BYTES: number = 67_108_864;
}
