import { IsInt, IsOptional, IsString, IsUrl, Min } from 'class-validator';
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

  /** Where people reach the pages, put before the addresses in mails; without it mails carry bare paths. */
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  PUBLIC_URL?: string;

  /** A digest is mailed when nothing was added to it for this long. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  MAIL_QUIET_SECONDS = 60;
}
