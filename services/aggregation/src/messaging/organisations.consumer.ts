import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { OrganisationChangedV1, OrganisationClosedV1, OrganisationRegisteredV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { RecordInputs } from '../application/record-inputs.js';

type OrganisationEvent = ReceivedEvent<
  typeof OrganisationRegisteredV1 | typeof OrganisationChangedV1 | typeof OrganisationClosedV1
>;

/** Of an organisation, only list sizes make figures; the directory keeps the rest. */
@Controller()
export class OrganisationsConsumer {
  constructor(private readonly record: RecordInputs) {}

  @Consumes(OrganisationRegisteredV1, OrganisationChangedV1, OrganisationClosedV1)
  async handle(@Payload() events: readonly OrganisationEvent[], @Ctx() batch: BatchContext): Promise<void> {
    const withLists = events.map((event) => event.data).filter((state) => state.listSizes.length > 0);
    if (withLists.length > 0) await this.record.listSizes(batch.tx, withLists);
  }
}
