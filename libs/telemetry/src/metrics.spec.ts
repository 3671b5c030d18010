import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('metrics', () => {
  it('of two services in one process are kept apart', async () => {
    const [one, two] = [new Metrics('one'), new Metrics('two')];
    one.counter('attest_things_total', 'things').inc(3);
    two.counter('attest_things_total', 'things').inc();
    expect(await one.text()).toContain('attest_things_total{service="one"} 3');
    expect(await two.text()).toContain('attest_things_total{service="two"} 1');
  });

  it('asked for twice are the same', async () => {
    const metrics = new Metrics('one');
    for (const _ of [1, 2]) metrics.counter('attest_things_total', 'things', ['kind']).inc({ kind: 'a' });
    expect(await metrics.text()).toContain('attest_things_total{kind="a",service="one"} 2');
  });

  it('may be read when they are asked for', async () => {
    const metrics = new Metrics('one');
    metrics.gauge('attest_depth', 'depth', [], (gauge) => gauge.set(42));
    expect(await metrics.text()).toContain('attest_depth{service="one"} 42');
  });
});
