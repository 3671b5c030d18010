import { describe, expect, it } from '@jest/globals';
import { BARRIER_ROUTES } from '@attest/contracts';
import { failureOf, lackedBy } from './barrier-lacks.js';

const route = BARRIER_ROUTES.release;

describe('who is to blame for an aborted barrier', () => {
  it('is the one that is silent although it waits for nobody', () => {
    const why = failureOf(route, {
      passed: new Set(['organisations', 'extraction-intake', 'catalogue']),
      reports: new Map(),
    });
    expect(why.words).toBe('commissioner-approval did not answer; aggregation did not answer');
    expect(new Set(why.lacking.map(({ topic }) => topic))).toEqual(new Set(['approvals', 'achievements']));
  });

  it('is not one that waits for another', () => {
    const why = failureOf(route, {
      passed: new Set(['extraction-intake', 'commissioner-approval']),
      reports: new Map([['catalogue', lackedBy('catalogue', ['organisations'], new Set())]]),
    });
    expect(why.words).toBe('organisations did not answer');
  });

  it('is named with topic, partition and shards when it could still say so', () => {
    const seen = new Set(Array.from({ length: 16 }, (_, shard) => `organisations/${shard}`));
    seen.delete('organisations/5');
    seen.delete('organisations/9');
    const report = lackedBy('catalogue', ['organisations'], seen);
    expect(report).toEqual([{ service: 'catalogue', topic: 'organisations', partition: 1, shards: [5, 9] }]);
    const passed = new Set(['organisations', 'extraction-intake', 'commissioner-approval']);
    const why = failureOf(route, { passed, reports: new Map([['catalogue', report]]) });
    expect(why).toEqual({ words: 'catalogue has not received organisations/1 shards 5 9', lacking: report });
  });

  it('has words even when everybody passed too late', () => {
    const why = failureOf(route, { passed: new Set(Object.keys(route.nodes)), reports: new Map() });
    expect(why).toEqual({ words: 'the last answer came too late', lacking: [] });
  });
});
