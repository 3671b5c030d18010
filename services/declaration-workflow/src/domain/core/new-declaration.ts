import { UNSIGNED, type Declaration } from './declaration.js';
import type { StimulusOf } from './stimulus.js';
import type { Work } from './work.js';

/** A declaration before its first step: revision 0 is stored by nobody. */
export function newDeclaration(
  work: Work,
  kind: Declaration['kind'],
  {
    achievement,
    address,
    figures,
    policy = null,
  }: Pick<StimulusOf<'figures'>, 'achievement' | 'address' | 'figures' | 'policy'>,
): Declaration {
  return {
    declarationId: work.context.newId(),
    kind,
    ...achievement,
    ...address,
    status: 'AWAITING_PROVIDER_APPROVAL',
    statusSince: work.context.now,
    statusCode: null,
    statusReason: null,
    revision: 0,
    declarationVersion: 1,
    declaredVersion: 0,
    pence: figures.pence,
    statedRevision: figures.revision,
    statedHash: figures.resultHash,
    latest: figures,
    previous: null,
    required: {},
    reachedBy: figures.memberships,
    awaiting: null,
    blocked: null,
    holds: [],
    pendingHolds: [],
    override: null,
    resolutionSince: null,
    late: false,
    payableFrom: null,
    ownPeriod: null,
    attempt: 1,
    runId: null,
    ...UNSIGNED,
    policy,
    sealedPence: null,
    nettedPence: 0n,
    approvalVersion: 0,
    paymentVersion: 0,
  };
}
