import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { OrganisationChangedV1, OrganisationClosedV1, OrganisationRegisteredV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { ReferenceStore } from '../application/ports.js';

type Handled = ReceivedEvent<
  typeof OrganisationRegisteredV1 | typeof OrganisationChangedV1 | typeof OrganisationClosedV1
>;

/** Whom to pay for an organisation; what a run snapshots is what stood here when it asked. */
@Controller()
export class OrganisationsConsumer {
  constructor(private readonly references: ReferenceStore) {}

  @Consumes(OrganisationRegisteredV1, OrganisationChangedV1, OrganisationClosedV1)
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    const payees = events.flatMap(({ data }) =>
      data.payee === null
        ? []
        : [{ organisationCode: data.code, ...data.payee, version: BigInt(data.organisationVersion) }],
    );
    if (payees.length > 0) await this.references.payees(batch.tx, payees);
  }
}
