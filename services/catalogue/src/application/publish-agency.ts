import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { AgencyPublishedV1, ENGLAND, newEvent } from '@attest/contracts';
import { containsNhsNumber, PatientIdentifierFoundError } from '@attest/errors';
import { Outbox, versionsOf } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { AgencyStore, type Agency } from './ports.js';
import { PUBLISHING } from './publish-service.js';

/** A payment agency: how its files look and what it calls "sent". */
@Injectable()
export class PublishAgency {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly agencies: AgencyStore,
    private readonly outbox: Outbox,
  ) {}

  async run(caller: Caller, wanted: Omit<Agency, 'agencyVersion'>): Promise<Agency> {
    await this.access.require(caller, PUBLISHING, ENGLAND);
    if ([wanted.name, wanted.label].some(containsNhsNumber))
      throw new PatientIdentifierFoundError('The agency');
    return this.database.transaction(async (tx) => {
      const known = await this.agencies.lock(tx, wanted.agencyCode);
      if (
        known &&
        known.name === wanted.name &&
        known.adapter === wanted.adapter &&
        known.label === wanted.label
      )
        return known;
      const agencyVersion = (await versionsOf(tx)).after(known?.agencyVersion ?? 0);
      const agency = { ...wanted, agencyVersion };
      await this.agencies.save(tx, agency, { personId: caller.personId, at: this.clock.now() });
      await this.outbox.add(tx, [newEvent(AgencyPublishedV1, agency)]);
      return agency;
    });
  }
}
