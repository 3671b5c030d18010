import { IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { ServiceSettings } from '@attest/hosting';

export class MessagingCentreSettings extends ServiceSettings {
  /** `smtp://user:password@host:port`; no mail is sent without it. */
  @IsOptional()
  @IsString()
  SMTP_URL?: string;

  @IsOptional()
  @IsString()
  MAIL_FROM = 'attest@localhost';

  /** A digest is mailed when nothing was added to it for this long. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  MAIL_QUIET_SECONDS = 60;
}
