import { parseLondonDate } from '@attest/calendar';
import { ENGLAND } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GROUND } from '../domain/register/ground.js';
import { FileStore, Limits, OrganisationStore } from './ports.js';
import { Publish } from './publish.js';
import { RecordRoles } from './record-roles.js';

/** Before PCNs and before Attest: the first operator is one from the beginning. */
const FROM_THE_BEGINNING = parseLondonDate('2000-01-01');

/** At the first start: England and the agency exist, and the operator named in the settings may begin. */
@Injectable()
export class RegisterGround implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly files: FileStore,
    private readonly organisations: OrganisationStore,
    private readonly publish: Publish,
    private readonly roles: RecordRoles,
    private readonly limits: Limits,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction(async (tx) => {
      // Two replicas that start together must not register England twice.
      await this.files.lockForFile(tx);
      const codes = GROUND.map((organisation) => organisation.code);
      await this.publish.publishOrganisations(tx, await this.organisations.find(tx, codes), GROUND);
      const personId = this.limits.firstOperatorId;
      if (personId === undefined) return;
      const wanted = {
        personId,
        personName: null,
        role: 'NATIONAL_OPERATOR',
        organisationCode: ENGLAND,
        validFrom: FROM_THE_BEGINNING,
        validTo: null,
      } as const;
      // What was recorded later, even an end, is not undone by a restart.
      if ((await this.roles.known(tx, [wanted])).size === 0)
        await this.roles.record(tx, [wanted], 'settings');
    });
  }
}
