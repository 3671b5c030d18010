import { expect, it } from '@jest/globals';
import type { BatchContext, ReceivedEvent } from '@attest/messaging';
import type { PcnMembershipJoinedV1 } from '@attest/contracts';
import type { TellMembership } from '../application/tell-membership.js';
import { MembershipsConsumer } from './memberships.consumer.js';

it('people are told of a membership change, and not again when its writer tells it again', async () => {
  const told: string[] = [];
  const consumer = new MembershipsConsumer({
    run: async (_: unknown, changes: readonly { state: { pcnCode: string } }[]) =>
      void told.push(...changes.map(({ state }) => state.pcnCode)),
  } as unknown as TellMembership);
  const event = (pcnCode: string, republished?: string) =>
    ({ type: 'pcn-membership.practice-joined.v1', data: { pcnCode }, republished }) as ReceivedEvent<
      typeof PcnMembershipJoinedV1
    >;
  await consumer.handle([event('XU1'), event('XU2', 'a-run')], {} as BatchContext);
  expect(told).toEqual(['XU1']);
});
