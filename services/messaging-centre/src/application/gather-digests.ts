import { Injectable } from '@nestjs/common';
import { Scheduled } from '@attest/hosting';
import { DigestStore } from './ports.js';

/** Makes one digest of many lines, once a second; until then a line that came is not counted yet. */
@Injectable()
export class GatherDigests {
  constructor(private readonly digests: DigestStore) {}

  @Scheduled({ name: 'gather-digests', everyMs: 1_000 })
  run(): Promise<void> {
    return this.digests.gather();
  }
}
