import { BARRIER_ROUTES, SERVICES, TOPICS } from '@attest/contracts';
import { describe, expect, it } from '@jest/globals';
import { kafkaRights, type Operation } from './kafka-rights.js';

const rights = kafkaRights(new Map([['messaging-centre', ['declarations']]]));
const may = (operation: Operation, topic: string): string[] =>
  SERVICES.filter((service) =>
    rights.users[service]!.some(({ name, operations }) => name === topic && operations.includes(operation)),
  );

describe('the rights at Kafka', () => {
  it('let the declared writer alone write a topic', () => {
    for (const { name, writer } of Object.values(TOPICS))
      if (writer !== 'any') expect([name, may('Write', name)]).toEqual([name, [writer]]);
  });

  it('let those write barriers that have a part in a route', () => {
    const parts = Object.values(BARRIER_ROUTES).flatMap(({ nodes }) => Object.keys(nodes));
    expect(may('Write', 'barriers').sort()).toEqual([...new Set(parts)].sort());
  });

  it('let those read a topic that have a handler for it, wait for it in a barrier, or wrote it', () => {
    expect(may('Read', 'declarations')).toEqual([
      'declaration-workflow',
      'payment-export',
      'messaging-centre',
    ]);
    expect(may('Read', 'payments')).toEqual(['payment-export']);
  });

  it('let a reader write its own dead-letter topic, which the platform creates', () => {
    expect(may('Write', 'declarations.messaging-centre.dlq')).toEqual(['messaging-centre']);
    expect(rights.topics.map(({ name }) => name)).toContain('declarations.messaging-centre.dlq');
  });

  it('let nobody create a topic, nor use the group of another', () => {
    for (const service of SERVICES)
      for (const { resource, name, operations } of rights.users[service]!) {
        expect(
          operations.every((operation) => ['Describe', 'Read', 'Write', 'Delete'].includes(operation)),
        ).toBe(true);
        if (resource === 'group') expect(name === service || name.startsWith(`${service}.`)).toBe(true);
      }
  });
});
