import { Type } from '@sinclair/typebox';
import { APPROVAL_STAGES } from './declarations.events.js';
import { defineEvent } from './event.js';
import { Instant, Nullable, OdsCode, OneOf, PersonId, Reason, Uuid, Version } from './scalars.js';

const signature = {
  approvalId: Uuid,
  declarationId: Uuid,
  /** Exactly the version that was seen; another one refuses the signature. */
  declarationVersion: Version,
  stage: OneOf(APPROVAL_STAGES),
  personId: PersonId,
  /** The commissioner for whom the person signs. */
  forOrganisation: OdsCode,
  at: Instant,
  bulkId: Nullable(Uuid),
  /** Grows per declaration. */
  approvalVersion: Version,
  /** The tier of the commissioner's route that it is for; left out: the one that APPROVAL_MANAGEMENT signs. */
  tier: Type.Optional(Type.String()),
};

export const ApprovalSignedV1 = defineEvent({
  type: 'approval.signed.v1',
  topic: 'approvals',
  says: 'a person signed a stage; pending until declaration-workflow applies or refuses it',
  republish: 'stands',
  data: Type.Object(signature),
  key: (d) => d.declarationId,
  version: (d) => d.approvalVersion,
});

export const ApprovalStageRefusedV1 = defineEvent({
  type: 'approval.stage-refused.v1',
  topic: 'approvals',
  says: 'a person refused a stage, with a reason; pending until applied',
  republish: 'stands',
  data: Type.Object({ ...signature, reason: Reason }),
  key: (d) => d.declarationId,
  version: (d) => d.approvalVersion,
});
