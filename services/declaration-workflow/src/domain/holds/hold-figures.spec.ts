import { describe, expect, it } from '@jest/globals';
import { aChange, aDeclaration, aHold, arrive, context, figures } from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import { figuresOf } from './hold-figures.js';

describe('the figures beside a hold', () => {
  const before = figures();
  const joined = aHold({ code: 'PCN_PRACTICE_JOINED', waitsFor: null });

  it('are the one from before its cause, and none yet', () => {
    const d = aDeclaration({ holds: [joined] });
    expect(figuresOf(d, joined, [before])).toEqual({
      earlier: { figureRevision: 1, pence: 10_060n },
      latest: null,
    });
  });

  it('are both, once the one made with it has arrived', () => {
    const held = apply(
      [aDeclaration()],
      { kind: 'membership', change: aChange({ code: 'PCN_PRACTICE_JOINED' }) },
      context(),
    );
    const d = apply(held.family, arrive({ pence: 12_000n, memberships: { XP1: 2 } }), context()).family[0]!;
    expect(figuresOf(d, d.holds[0]!, [d.latest, before])).toEqual({
      earlier: { figureRevision: 1, pence: 10_060n },
      latest: { figureRevision: 2, pence: 12_000n },
    });
  });
});
