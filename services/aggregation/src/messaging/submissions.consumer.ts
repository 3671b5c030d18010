import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PageAmendedV1, PageReceivedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { RecordInputs } from '../application/record-inputs.js';

type PageEvent = ReceivedEvent<typeof PageReceivedV1 | typeof PageAmendedV1>;

@Controller()
export class SubmissionsConsumer {
  constructor(private readonly record: RecordInputs) {}

  @Consumes(PageReceivedV1, PageAmendedV1)
  handle(@Payload() events: readonly PageEvent[], @Ctx() batch: BatchContext): Promise<void> {
    return this.record.pages(
      batch.tx,
      events.map((event) => event.data),
    );
  }
}
