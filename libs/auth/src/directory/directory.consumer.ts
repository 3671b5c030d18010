import {
  OrganisationChangedV1,
  OrganisationClosedV1,
  OrganisationRegisteredV1,
  RoleAssignmentRecordedV1,
} from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { recordOrganisations, recordRoles } from './directory.store.js';

type DirectoryEvent = ReceivedEvent<
  | typeof OrganisationRegisteredV1
  | typeof OrganisationChangedV1
  | typeof OrganisationClosedV1
  | typeof RoleAssignmentRecordedV1
>;

/** Keeps this service's copy of who exists and who may do what. */
@Controller()
export class DirectoryConsumer {
  @Consumes(OrganisationRegisteredV1, OrganisationChangedV1, OrganisationClosedV1, RoleAssignmentRecordedV1)
  async handle(@Payload() events: readonly DirectoryEvent[], @Ctx() batch: BatchContext): Promise<void> {
    const states = [];
    const assignments = [];
    for (const event of events) {
      if (event.type === 'role-assignment.recorded.v1') assignments.push(event.data);
      else states.push(event.data);
    }
    await recordOrganisations(batch.tx, states);
    await recordRoles(batch.tx, assignments);
  }
}
