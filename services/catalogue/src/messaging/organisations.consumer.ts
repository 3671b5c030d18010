import { recordOrganisations } from '@attest/auth';
import { OrganisationChangedV1, OrganisationClosedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { EndForClosed } from '../application/end-for-closed.js';

type Handled = ReceivedEvent<typeof OrganisationChangedV1 | typeof OrganisationClosedV1>;

/** Whoever closes takes part in nothing from then on. */
@Controller()
export class OrganisationsConsumer {
  constructor(private readonly endForClosed: EndForClosed) {}

  @Consumes(OrganisationChangedV1, OrganisationClosedV1)
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    const states = events.map((event) => event.data);
    // The directory's own consumer says the same; what came late must not undo it here.
    await recordOrganisations(batch.tx, states);
    await this.endForClosed.run(
      batch.tx,
      states.filter((state) => state.closeOn !== null).map((state) => state.code),
    );
  }
}
