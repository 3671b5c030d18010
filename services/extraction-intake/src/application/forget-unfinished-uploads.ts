import { Injectable } from '@nestjs/common';
import { Scheduled } from '@attest/hosting';
import { OriginalFiles } from './ports.js';

const HOUR_MS = 3_600_000;

/** An upload whose process died may hold anything, also what must not be kept. */
@Injectable()
export class ForgetUnfinishedUploads {
  constructor(private readonly originals: OriginalFiles) {}

  @Scheduled({ name: 'forget-unfinished-uploads', everyMs: HOUR_MS })
  async run(): Promise<void> {
    await this.originals.forgetUnfinished(HOUR_MS);
  }
}
