import { describe, expect, it } from '@jest/globals';
import {
  BARRIER_ROUTES,
  eventDefinitions,
  OUTBOX_SHARDS,
  renderAsyncApi,
  TOPICS,
  uuidV7,
  type TopicName,
} from '../src/index.js';
import { EXAMPLES } from './examples.js';

// Specs of other libs, run in the same process, define some of their own.
const definitions = [...eventDefinitions().values()].filter(({ type }) => !type.startsWith('spec.'));

describe('every event', () => {
  it('has an example', () => {
    expect(definitions.map((d) => d.type).filter((type) => !EXAMPLES[type])).toEqual([]);
  });

  it.each(definitions.map((d) => [d.type, d] as const))(
    '%s accepts its example and refuses the broken ones',
    (type, definition) => {
      const { valid, broken } = EXAMPLES[type]!;
      expect({ ok: definition.validate(valid), errors: definition.validate.errors ?? null }).toEqual({
        ok: true,
        errors: null,
      });
      for (const [why, change] of broken) {
        const changed = JSON.parse(JSON.stringify({ ...valid, ...change })) as unknown;
        expect({ why, ok: definition.validate(changed) }).toEqual({ why, ok: false });
      }
    },
  );

  it('is described in AsyncAPI under its topic', () => {
    const channels = renderAsyncApi()['channels'] as Record<string, { messages: object }>;
    for (const d of definitions) expect(Object.keys(channels[d.topic]!.messages)).toContain(d.type);
  });
});

describe('topics', () => {
  it.each(Object.values(TOPICS))('$name has partitions that divide the outbox shards', ({ partitions }) => {
    expect(OUTBOX_SHARDS % partitions).toBe(0);
  });
});

describe('barrier routes', () => {
  it.each(Object.values(BARRIER_ROUTES))(
    '$name has no circle, and every topic that a node waits for is written on it',
    (route) => {
      const nodes = Object.entries(route.nodes) as [
        string,
        { after: readonly TopicName[]; writes: readonly TopicName[] },
      ][];
      const passed = new Set<TopicName>();
      const waiting = new Map(nodes);
      while (waiting.size > 0) {
        const ready = [...waiting].filter(([, node]) => node.after.every((topic) => passed.has(topic)));
        expect(ready.length).toBeGreaterThan(0);
        for (const [service, node] of ready) {
          for (const topic of node.writes) {
            expect(TOPICS[topic].writer).toBe(service);
            passed.add(topic);
          }
          waiting.delete(service);
        }
      }
      expect(Object.keys(route.nodes)).toContain(route.ends);
    },
  );
});

describe('event ids', () => {
  it('are UUIDs of version 7 that ascend in time and do not repeat', () => {
    const ids = Array.from({ length: 5_000 }, (_, i) => uuidV7(1_790_000_000_000 + i));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
