import { recordOrganisations } from '@attest/auth';
import { OrganisationChangedV1, OrganisationClosedV1, OrganisationRegisteredV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { FollowReferences } from '../../application/references/follow-references.js';

type Handled = ReceivedEvent<
  typeof OrganisationRegisteredV1 | typeof OrganisationChangedV1 | typeof OrganisationClosedV1
>;

/** Declarations belong to organisations and their commissioners. */
@Controller()
export class OrganisationsConsumer {
  constructor(private readonly follow: FollowReferences) {}

  @Consumes(OrganisationRegisteredV1, OrganisationChangedV1, OrganisationClosedV1)
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    // The directory's own consumer says the same; here it must be there before declarations follow.
    await recordOrganisations(
      batch.tx,
      events.map((event) => event.data),
    );
    await this.follow.run(batch.tx, 'organisation', [...new Set(events.map((event) => event.data.code))]);
  }
}
