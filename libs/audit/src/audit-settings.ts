import { ServiceSettings } from '@attest/hosting';
import { IsOptional, IsString, MinLength } from 'class-validator';

/** What a service with an audit chain is told besides. */
export class AuditSettings extends ServiceSettings {
  /** Folder outside the database in which the chain's head is anchored each day. Without it there are no anchors. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  AUDIT_ANCHOR_STORE?: string;

  /** Signs the anchors (HMAC-SHA256). Without it they are plain. */
  @IsOptional()
  @IsString()
  @MinLength(32)
  AUDIT_ANCHOR_KEY?: string;
}
