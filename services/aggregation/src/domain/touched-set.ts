import { achievementKey } from '@attest/contracts';
import type { Cause, Identity, Touched } from './service.js';

/** Each achievement once, whatever touched it; the last cause stands for all. */
export class TouchedSet {
  private readonly byKey = new Map<string, Touched>();

  add(identities: readonly Identity[], cause: Cause | null): this {
    for (const { serviceCode, achievementDate, organisationCode } of identities)
      this.byKey.set(achievementKey({ serviceCode, achievementDate, organisationCode }), {
        serviceCode,
        achievementDate,
        organisationCode,
        cause,
      });
    return this;
  }

  get size(): number {
    return this.byKey.size;
  }

  all(): Touched[] {
    return [...this.byKey.values()];
  }
}
