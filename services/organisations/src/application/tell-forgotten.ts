import {
  OrganisationChangedV1,
  OrganisationClosedV1,
  OrganisationRegisteredV1,
  PcnMembershipCorrectedV1,
  PcnMembershipEstablishedV1,
  PcnMembershipJoinedV1,
  PcnMembershipLeftV1,
  RoleAssignmentRecordedV1,
  type EventOf,
  type OrganisationState,
  type PcnMembershipState,
} from '@attest/contracts';
import { forgottenEvents, forgottenKeys, markToldAgain, type ForgottenEvent } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { MemberSpell } from '../domain/memberships/spell.js';
import { FileStore } from './ports.js';
import { Publish } from './publish.js';
import { RecordRoles } from './record-roles.js';
import { assignmentKey, type RoleAssignment } from './role-store.js';

type ToldRole = EventOf<typeof RoleAssignmentRecordedV1> & Pick<RoleAssignment, 'validFrom' | 'validTo'>;

const ORGANISATION_TYPES: readonly string[] = [
  OrganisationRegisteredV1.type,
  OrganisationChangedV1.type,
  OrganisationClosedV1.type,
];
const MEMBERSHIP_TYPES: readonly string[] = [
  PcnMembershipEstablishedV1.type,
  PcnMembershipJoinedV1.type,
  PcnMembershipLeftV1.type,
  PcnMembershipCorrectedV1.type,
];
/** Who recorded a role, where it was no person. */
const BY = 'restore';

/**
 * At the first start after a restore: who may do what must not differ between this service, which has forgotten, and
 * everybody else, who has not. Of all that was forgotten it tells again what stands; a role that only one of the two
 * knows does not stand.
 */
@Injectable()
export class TellForgotten implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly files: FileStore,
    private readonly publish: Publish,
    private readonly roles: RecordRoles,
    private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction(async (tx) => {
      if ((await forgottenKeys(tx, ['organisations', 'pcn-memberships'])).length === 0) return;
      // Of replicas that start together one tells, and the others find it told.
      await this.files.lockForFile(tx);
      await this.run(tx);
    });
  }

  private async run(tx: Tx): Promise<void> {
    const events = await forgottenEvents(tx, ['organisations', 'pcn-memberships']);
    const among = (types: readonly string[]) => events.filter(({ type }) => types.includes(type));
    const [organisations, memberships] = [among(ORGANISATION_TYPES), among(MEMBERSHIP_TYPES)];
    const roles = among([RoleAssignmentRecordedV1.type]);
    const standing = await this.publish.tellOrganisationsAgain(
      tx,
      newest(organisations, (o: OrganisationState) => o.code).map(({ code }) => code),
    );
    await this.publish.tellMembersAgain(
      tx,
      new Map(
        newest(memberships, (m: PcnMembershipState) => m.pcnCode).map((m) => [
          m.pcnCode,
          m.members as MemberSpell[],
        ]),
      ),
    );
    await this.roles.tellNarrowed(
      tx,
      newest(roles, (role: ToldRole) => assignmentKey(role)),
      BY,
    );
    const told = [...organisations.filter(({ key }) => standing.has(key)), ...memberships, ...roles];
    await markToldAgain(tx, told);
    this.logger.warn('FORGOTTEN_TOLD_AGAIN', { forgotten: events.length, toldAgain: told.length });
  }
}

/** What others keep: of each thing the data that were told last. */
function newest<Data>(events: readonly ForgottenEvent[], keyOf: (data: Data) => string): Data[] {
  return [...new Map(events.map(({ data }) => [keyOf(data as Data), data as Data])).values()];
}
