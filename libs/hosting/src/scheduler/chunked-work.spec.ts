import { describe, expect, it } from '@jest/globals';
import { ChunkedWork, type Turn } from './chunked-work.js';

/** Work whose turns are let go by hand. */
function byHand(chunks: Record<string, number>, atOnce = 2) {
  const order: string[] = [];
  const failures: unknown[] = [];
  const at = { now: 0, most: 0 };
  const work = new ChunkedWork(
    async (key): Promise<Turn> => {
      at.now++;
      at.most = Math.max(at.most, at.now);
      await new Promise((resolve) => setImmediate(resolve));
      at.now--;
      if (chunks[key] === undefined) throw new Error('broken');
      if (chunks[key] === 0) return 'nothing left';
      chunks[key]!--;
      order.push(key);
      return 'more';
    },
    (error) => failures.push(error),
    atOnce,
  );
  const idle = async (): Promise<void> => {
    for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { work, order, failures, at, idle };
}

describe('chunked work', () => {
  it('takes keys in turns, so that a long one does not keep the others waiting', async () => {
    const { work, order, idle } = byHand({ long: 10, short: 2 }, 1);
    work.wake('long');
    work.wake('short');
    await idle();
    expect(order.slice(0, 4)).toEqual(['long', 'short', 'long', 'short']);
    expect(order).toHaveLength(12);
  });

  it('never takes two turns of one key, nor more keys than it may, at once', async () => {
    const { work, order, at, idle } = byHand({ a: 4, b: 4, c: 4 }, 2);
    for (const key of ['a', 'a', 'b', 'c', 'a']) work.wake(key);
    await idle();
    expect(order).toHaveLength(12);
    expect(at.most).toBe(2);
  });

  it('looks again when it is woken while it works', async () => {
    const chunks = { a: 0 };
    const { work, order, idle } = byHand(chunks);
    work.wake('a');
    await Promise.resolve();
    chunks.a = 1;
    work.wake('a');
    await idle();
    expect(order).toEqual(['a']);
  });

  it('reports what fails and can be woken again', async () => {
    const chunks: Record<string, number> = {};
    const { work, order, failures, idle } = byHand(chunks);
    work.wake('a');
    await idle();
    expect(failures).toHaveLength(1);
    chunks['a'] = 1;
    work.wake('a');
    await idle();
    expect(order).toEqual(['a']);
  });

  it('ends the turn under way when it is stopped, and begins no other', async () => {
    const { work, order, idle } = byHand({ a: 100 });
    work.wake('a');
    await work.stop();
    const done = order.length;
    work.wake('a');
    await idle();
    expect(order).toHaveLength(done);
    expect(done).toBeLessThan(2);
  });
});
