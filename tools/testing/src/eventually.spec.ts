import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('returns the first truthy answer', async () => {
    let asked = 0;
    expect(await eventually(() => (++asked === 3 ? 'third' : undefined), { everyMs: 1 })).toBe('third');
    expect(asked).toBe(3);
  });

  it('takes a throwing condition for not yet', async () => {
    let asked = 0;
    await eventually(
      () => {
        expect(++asked).toBeGreaterThan(2);
        return true;
      },
      { everyMs: 1 },
    );
  });

  it('gives up with what the condition threw last', async () => {
    const never = (): never => {
      throw new Error('still empty');
    };
    await expect(eventually(never, { withinMs: 20, everyMs: 5 })).rejects.toThrow('still empty');
  });

  it('gives up by naming the condition and its last answer', async () => {
    await expect(eventually(() => 0, { withinMs: 20, everyMs: 5 })).rejects.toThrow(
      /not within 20 ms: .* gave 0/,
    );
  });
});
