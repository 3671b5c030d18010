import { AuditSettings } from '@attest/audit';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

const ONE_SHARE = '[a-z-]+=\\d{1,3}/\\d{1,6}';

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

  /** Files that describe a day before this year are refused: nothing that can still be paid depends on them. */
  @Matches(/^20\d\d\/\d\d$/, { message: '$property must be a financial year such as 2014/15' })
  OLDEST_OPEN_YEAR: string = '2014/15';

  /**
   * What a file may close, move or expel without a second person, by layout: more than so many per cent of what stands
   * on its date, and at least so many organisations, wait. `practices=2/20,practice-pcn-icb=5/50`; 2/20 where unsaid.
   */
  @Matches(new RegExp(`^(${ONE_SHARE}(,${ONE_SHARE})*)?$`), {
    message: '$property must be a list such as practices=2/20,practice-pcn-icb=5/50',
  })
  CONFIRMATION_SHARES: string = '';
}
