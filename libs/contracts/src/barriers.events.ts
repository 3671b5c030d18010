import { Type } from '@sinclair/typebox';
import { defineEvent, passing } from './event.js';
import { Instant, OneOf, PersonId, Uuid } from './scalars.js';
import { SERVICES, TOPICS, type ServiceName, type TopicName } from './topics.js';

/** What one service does in a barrier: it passes when all records of the topics in `after` arrived, then writes its own. */
export interface BarrierNode {
  readonly after: readonly TopicName[];
  readonly writes: readonly TopicName[];
}
export interface BarrierRoute {
  readonly name: string;
  readonly nodes: Readonly<Partial<Record<ServiceName, BarrierNode>>>;
  /** The service at which the route ends and whose listener is told. */
  readonly ends: ServiceName;
}

/** A named acyclic route each: what must have arrived where before the end may act. */
export const BARRIER_ROUTES = {
  /** Behind it nothing that was committed before the barrier can still be on its way to payment-export. */
  release: {
    name: 'release',
    nodes: {
      organisations: { after: [], writes: ['organisations', 'pcn-memberships'] },
      'extraction-intake': { after: [], writes: ['submissions'] },
      'commissioner-approval': { after: [], writes: ['approvals'] },
      catalogue: { after: ['organisations'], writes: ['quality-services'] },
      aggregation: {
        after: ['organisations', 'pcn-memberships', 'quality-services', 'submissions'],
        writes: ['achievements'],
      },
      // Never after `payments`: payment-export waits for this service, so it must not wait back.
      'declaration-workflow': {
        after: ['organisations', 'pcn-memberships', 'quality-services', 'achievements', 'approvals'],
        writes: ['declarations'],
      },
      'payment-export': { after: ['organisations', 'quality-services', 'declarations'], writes: [] },
    },
    ends: 'payment-export',
  },
} as const satisfies Record<string, BarrierRoute>;
export type BarrierRouteName = keyof typeof BARRIER_ROUTES;

/** A barrier is over within minutes: who was not there has to ask for another. */
const OVER = passing('it ends with its time limit; what waited for it asks for another');

const Route = OneOf(['release'] as const);
const TopicNameSchema = OneOf(Object.keys(TOPICS) as TopicName[]);
const Lacking = Type.Object({
  service: OneOf(SERVICES),
  topic: Type.String(),
  partition: Type.Integer(),
  shards: Type.Array(Type.Integer()),
});

export const BarrierRequestedV1 = defineEvent({
  type: 'barrier.requested.v1',
  topic: 'barriers',
  says: 'somebody wants proof that everything committed before now has arrived',
  republish: OVER,
  data: Type.Object({
    barrierId: Uuid,
    route: Route,
    requestedBy: OneOf(SERVICES),
    requestedAt: Instant,
    expiresAt: Instant,
    forPerson: Type.Optional(PersonId),
  }),
  key: (d) => d.barrierId,
  version: () => 1,
});

export const BarrierPassedV1 = defineEvent({
  type: 'barrier.passed.v1',
  topic: 'barriers',
  says: 'one service has received everything that its part of the route names',
  republish: OVER,
  data: Type.Object({ barrierId: Uuid, route: Route, service: OneOf(SERVICES), passedAt: Instant }),
  key: (d) => d.barrierId,
  version: () => 2,
});

export const BarrierAbortedV1 = defineEvent({
  type: 'barrier.aborted.v1',
  topic: 'barriers',
  says: 'the time limit passed; names who did not answer and what was lacking',
  republish: OVER,
  data: Type.Object({
    barrierId: Uuid,
    route: Route,
    abortedAt: Instant,
    lacking: Type.Array(Lacking),
    words: Type.String(),
  }),
  key: (d) => d.barrierId,
  version: () => 3,
});

/** The control record itself: one per topic and shard, in that shard's own partition, outside parking. */
export const BARRIER_RECORD_TYPE = 'barrier.record.v1';
export const BarrierRecordData = Type.Object({
  barrierId: Uuid,
  route: Route,
  topic: TopicNameSchema,
  shard: Type.Integer({ minimum: 0, maximum: 15 }),
  requestedBy: OneOf(SERVICES),
  expiresAt: Instant,
});
