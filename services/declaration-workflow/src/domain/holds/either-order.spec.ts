import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY } from '@attest/contracts';
import fc from 'fast-check';
import {
  aChange,
  aDeclaration,
  approved,
  arrive,
  context,
  ID,
  paid,
  releasing,
  RUN,
  sent,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import type { MembershipChange, Stimulus } from '../core/stimulus.js';

const AUTOMATIC = { ...DEFAULT_POLICY, holdRelease: 'automatic-when-unchanged' } as const;
const NOTHING = { pence: 0n, resultHash: 'n/a', notApplicable: 'PAGE_MISSING' } as const;

/** Wherever a declaration may stand when a membership changes. */
const STANDS: Readonly<Record<string, (more: Partial<Declaration>) => Declaration>> = {
  'with its provider': aDeclaration,
  approved,
  'settled for nothing': (more) => approved({ status: 'SETTLED_NIL', pence: 0n, ...more }),
  'being sent': releasing,
  sent,
  paid,
  rejected: (more) => sent({ status: 'REJECTED_BY_AGENCY', sealedPence: null, ...more }),
};

const ofRun = { declarationId: ID, declarationVersion: 1, attempt: 1, runId: RUN } as const;
const END_OF_RUN: Readonly<Record<string, Stimulus>> = {
  sealed: {
    kind: 'sealed',
    ...ofRun,
    paymentVersion: 20,
    pence: 10_060n,
    nettedPence: 0n,
    fileName: 'ATTEST.csv',
  },
  'not included': {
    kind: 'not-included',
    ...ofRun,
    paymentVersion: 20,
    code: 'COLLECT_TIME_OVER',
    words: 'It was not included.',
    owedPence: null,
  },
};

const run = (family: readonly Declaration[], stimuli: readonly Stimulus[]): readonly Declaration[] =>
  stimuli.reduce((now, stimulus) => apply(now, stimulus, context()).family, family);

const view = (family: readonly Declaration[]) =>
  family.map((d) => ({
    kind: d.kind,
    status: d.status,
    pence: d.pence,
    required: d.required,
    holds: d.holds.map((hold) => `${hold.code} ${hold.membershipVersion}`),
    // What has ended keeps them for what is opened in its place.
    pendingHolds: (d.status === 'LAPSED' ? [] : d.pendingHolds).map(
      (hold) => `${hold.code} ${hold.membershipVersion}`,
    ),
  }));

const membership = (change: MembershipChange): Stimulus => ({ kind: 'membership', change });

describe('a membership change and the figures made with it', () => {
  const drawn = fc.record({
    stands: fc.constantFrom(...Object.keys(STANDS)),
    code: fc.constantFrom('PCN_PRACTICE_JOINED', 'PCN_PRACTICE_LEFT', 'PCN_MEMBERSHIP_CORRECTED'),
    policy: fc.constantFrom(null, AUTOMATIC),
    result: fc.constantFrom({}, { pence: 9_000n }, { pence: 12_000n }, NOTHING),
    followedBy: fc.constantFrom(null, ...Object.keys(END_OF_RUN)),
    later: fc.constantFrom(null, {}, { pence: 9_000n }, { pence: 500n }),
  });

  it('end alike in either order, wherever the declaration stands and whatever follows', () => {
    fc.assert(
      fc.property(drawn, ({ stands, code, policy, result, followedBy, later }) => {
        const change = aChange({ code: code as MembershipChange['code'] });
        const start = [STANDS[stands]!({ policy })];
        const made = (known: readonly MembershipChange[]) =>
          arrive({ revision: 2, memberships: { XP1: 2 }, ...result }, known);
        const after: Stimulus[] = [
          ...(followedBy !== null && stands === 'being sent' ? [END_OF_RUN[followedBy]!] : []),
          ...(later === null ? [] : [arrive({ revision: 3, memberships: { XP1: 2 }, ...later }, [change])]),
        ];
        const changeFirst = run(start, [membership(change), made([change]), ...after]);
        const figuresFirst = run(start, [made([]), membership(change), ...after]);
        expect(view(figuresFirst)).toEqual(view(changeFirst));
        // And the change once more, as after a restored inbox.
        expect(view(run(figuresFirst, [membership(change)]))).toEqual(view(figuresFirst));
      }),
      { numRuns: 2_000 },
    );
  });

  it('hold what is open for a person to look at, though the figures came first', () => {
    const [d] = run(
      [approved()],
      [arrive({ pence: 9_000n, memberships: { XP1: 2 } }), membership(aChange())],
    );
    expect(d).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', required: {} });
    expect(d!.holds).toHaveLength(1);
  });

  it('do not hold what was opened with these figures, in either order', () => {
    const opening = arrive({ revision: 1, memberships: { XP1: 2 } });
    expect(run([], [opening, membership(aChange())])[0]).toMatchObject({ holds: [] });
    expect(run([], [{ ...opening, memberships: [aChange()] }])[0]).toMatchObject({ holds: [] });
  });
});

describe('a hold that waited through a run', () => {
  const throughRun = (code: MembershipChange['code'], order: 'change' | 'figures', end: string) => {
    const change = membership(aChange({ code }));
    const made = arrive({ memberships: { XP1: 2 } });
    return run(
      [releasing()],
      [...(order === 'change' ? [change, made] : [made, change]), END_OF_RUN[end]!],
    )[0]!;
  };

  it.each(['change', 'figures'] as const)(
    'for a joining stands when the line was not included, though figures came (%s first)',
    (order) => {
      const d = throughRun('PCN_PRACTICE_JOINED', order, 'not included');
      expect(d).toMatchObject({ status: 'FINANCIALLY_APPROVED', pendingHolds: [] });
      expect(d.holds.map((hold) => hold.code)).toEqual(['PCN_PRACTICE_JOINED']);
    },
  );

  it.each(['change', 'figures'] as const)(
    'is over when the line was sealed on these figures (%s first)',
    (order) => {
      const d = throughRun('PCN_PRACTICE_JOINED', order, 'sealed');
      expect(d).toMatchObject({ status: 'SENT_TO_AGENCY', holds: [], pendingHolds: [] });
    },
  );

  it.each(['change', 'figures'] as const)(
    'for figures is over when they came meanwhile (%s first)',
    (order) => {
      expect(throughRun('PCN_PRACTICE_LEFT', order, 'not included').holds).toEqual([]);
    },
  );
});
