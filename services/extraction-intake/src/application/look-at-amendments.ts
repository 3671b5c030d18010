import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { READING_ROLES } from '@attest/contracts';
import type { Page } from '@attest/http';
import { AmendmentRefusedError } from '../domain/amendment.errors.js';
import {
  AmendmentStore,
  type Amendment,
  type AmendmentFilter,
  type AmendmentStep,
} from './amendment-ports.js';

/** A provider sees its own requests, whoever stands above it those of all beneath. */
@Injectable()
export class LookAtAmendments {
  constructor(
    private readonly access: Access,
    private readonly clock: BusinessClock,
    private readonly store: AmendmentStore,
  ) {}

  async list(caller: Caller, filter: AmendmentFilter): Promise<Page<Amendment>> {
    const scope = await this.access.scope(caller, READING_ROLES);
    return this.store.list(filter, scope, this.clock.now());
  }

  /** @throws AmendmentRefusedError, NotYourOrganisationError */
  async one(caller: Caller, amendmentId: string): Promise<{ amendment: Amendment; steps: AmendmentStep[] }> {
    const unknown = (): AmendmentRefusedError =>
      new AmendmentRefusedError('AMENDMENT_UNKNOWN', { amendmentId });
    const amendment = await this.store.find(amendmentId, this.clock.now());
    if (!amendment) throw unknown();
    await this.access.require(caller, READING_ROLES, amendment.practiceCode, unknown);
    return { amendment, steps: await this.store.steps(amendmentId) };
  }
}
