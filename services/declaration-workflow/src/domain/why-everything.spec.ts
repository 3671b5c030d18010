import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseLondonDate, type LondonDate } from '@attest/calendar';
import {
  DECLARATION_STATUSES,
  DEFAULT_POLICY,
  ENGLAND,
  HOLD_CODES,
  TIERED_POLICY_EXAMPLE,
  type Hold,
} from '@attest/contracts';
import { aDeclaration, aHold, figures, NOW } from '../../test/a-declaration.js';
import type { Declaration } from './declaration.js';
import { awaitsFigures } from './hold-steps.js';
import { nextOnHold } from './why-held.js';
import { whyNotPaid, type ActsNext, type WhyContext, type WhyNotPaid } from './why.js';

// Everything that a declaration can be, crossed with everything that it can stand under. What is added to the unions
// in the contracts walks along by itself.

const SINCE = new Date('2026-08-19T08:00:00Z');
const ACTS_NEXT: readonly ActsNext[] = [
  'provider',
  'commissioner',
  'finance',
  'agency',
  'operator',
  'system',
  'nobody',
];

/** Figures that were made with the change of `aHold`, and some that were not. */
const MADE_WITH = figures({ memberships: { XP1: 2 } });
const HOLDS: readonly (readonly [string, readonly Hold[], Declaration['latest']?])[] = [
  ['no hold', []],
  ...HOLD_CODES.flatMap((code) => [
    [`${code} that waits for no figures`, [aHold({ code, waitsFor: null })]] as const,
    [`${code} before its figures`, [aHold({ code })]] as const,
    [`${code} with its figures`, [aHold({ code })], MADE_WITH] as const,
  ]),
  [
    'a hold that names no PCN',
    [
      aHold({
        code: 'BY_HAND',
        causeEventId: null,
        pcnCode: null,
        practiceCodes: [],
        changedFrom: null,
        membershipVersion: null,
        waitsFor: null,
      }),
    ],
  ],
  [
    'a hold that has expired',
    [
      aHold({
        code: 'BY_HAND',
        waitsFor: null,
        reason: 'Under review.',
        expiresOn: '2026-08-19',
        escalatedAt: NOW.toISOString(),
      }),
    ],
  ],
  ['two holds', [aHold(), aHold({ code: 'BY_HAND', waitsFor: null })]],
  ['two holds, one with its figures', [aHold(), aHold({ membershipVersion: 3 })], MADE_WITH],
];

const MARKERS: readonly (readonly [string, Partial<Declaration>])[] = [
  ['no marker', {}],
  ['being added up', { awaiting: { until: 9, since: SINCE, code: null } }],
  ['blocked', { blocked: { until: 9, since: SINCE, code: 'PAGE_UNREADABLE' } }],
  ['a membership it was not made with', { required: { XP1: 3 } }],
  ['a payment that needs resolution', { resolutionSince: SINCE }],
];

const OVERRIDE: NonNullable<Declaration['override']> = {
  versions: { XP1: 2 },
  kept: { ...figures(), inputs: {} },
  instead: null,
  reason: 'The practice joined on paper only.',
  signedBy: 'approver',
  signedFor: 'XQA',
  signedAt: SINCE,
};
const BY_SYSTEM = {
  ...DEFAULT_POLICY,
  declaration: 'not-required',
  approval: 'not-required',
  financeAbovePence: '1500000',
} as const;
const CAME_HERE: readonly (readonly [string, Partial<Declaration>])[] = [
  ['without a code', {}],
  ['with a code', { statusCode: 'RUN_ABORTED' }],
  ['with code and reason', { statusCode: 'AC01', statusReason: 'The account is closed.' }],
  ['declared before', { declaredVersion: 1 }],
  ['sent back with a reason', { declaredVersion: 1, statusReason: 'The count looks too high.' }],
  ['with other figures', { declarationVersion: 2 }],
  ['declared before, with other figures', { declaredVersion: 1, declarationVersion: 2 }],
  ['late, its run to come', { late: true, payableFrom: new Date('2026-10-01T17:00:00Z') }],
  [
    'late, left out by a run that came',
    {
      late: true,
      payableFrom: new Date('2026-08-01T17:00:00Z'),
      statusCode: 'RUN_ABORTED',
      statusReason: 'The barrier did not pass.',
    },
  ],
  ['by the system for finance', { statusCode: 'FINANCE_NOT_REQUIRED', financeBySystem: true }],
  ['by the system alone', { policy: BY_SYSTEM }],
  ['by the system until a person sent it back', { policy: BY_SYSTEM, systemWaits: true }],
  [
    'by a person until finance sent it back',
    { declaredVersion: 1, systemWaits: true, statusReason: 'The claim is counted twice.' },
  ],
  ['by three tiers', { policy: TIERED_POLICY_EXAMPLE, pence: 6_000_000n }],
  [
    'by three tiers, one of which signed',
    {
      policy: TIERED_POLICY_EXAMPLE,
      pence: 6_000_000n,
      commissionerSignatures: [
        { tier: TIERED_POLICY_EXAMPLE.tiers[0].name, personId: 'approver', at: NOW.toISOString() },
      ],
    },
  ],
  ['with an earlier figure that is kept', { override: OVERRIDE }],
];

const calendar = {
  paymentPeriod: '2026-08',
  opensOn: parseLondonDate('2026-08-09'),
  providerDeadlineOn: parseLondonDate('2026-08-24'),
  cutOffAt: new Date('2026-09-01T17:00:00Z'),
};
const DAYS: readonly (readonly [string, LondonDate, WhyContext['calendar']])[] = [
  ['before opening', parseLondonDate('2026-08-08'), calendar],
  ['on the day it opens', parseLondonDate('2026-08-09'), calendar],
  ['on the deadline', parseLondonDate('2026-08-24'), calendar],
  ['after the deadline', parseLondonDate('2026-08-25'), calendar],
  ['outside the calendar', parseLondonDate('2026-08-20'), null],
];

const BESIDES: readonly (readonly [string, Partial<WhyContext>])[] = [
  ['nothing parked', {}],
  ['something parked', { parkedSince: SINCE }],
  ...['XQA', 'ENGLAND'].map(
    (frozenFor) =>
      [
        `its period frozen for ${frozenFor}`,
        { frozen: { since: SINCE, reason: 'A register was extracted wrongly.', frozenFor } },
      ] as const,
  ),
];

interface Walked {
  readonly where: () => string;
  readonly d: Declaration;
  readonly context: WhyContext;
  readonly why: WhyNotPaid;
}

function* everything(): Generator<Walked> {
  for (const status of DECLARATION_STATUSES)
    for (const kind of ['achievement', 'adjustment'] as const)
      for (const [hold, holds, latest = figures()] of HOLDS)
        for (const [marker, markers] of MARKERS)
          for (const [came, how] of CAME_HERE) {
            const d = aDeclaration({ status, kind, holds, latest, ...markers, ...how });
            for (const [window, today, dates] of DAYS)
              for (const [outside, besides] of BESIDES) {
                const context = { today, now: NOW, calendar: dates, parkedSince: null, ...besides };
                const where = () => [status, kind, hold, marker, came, window, outside].join(', ');
                yield { where, d, context, why: whyNotPaid(d, context) };
              }
          }
}

const EMPTY = /undefined|null|NaN|\[object|Invalid Date|\(\)|: ?\.|: ?$| {2}/;

/** What is wrong with an answer, or null. */
function faultOf({ why }: Walked): string | null {
  if (!/^[A-Z][A-Z0-9_]+$/.test(why.code)) return `code ${why.code}`;
  if (!/^[A-Z].{9,}[.!?]$/.test(why.cause) || EMPTY.test(why.cause)) return `cause ${why.cause}`;
  if (!ACTS_NEXT.includes(why.actsNext)) return `actsNext ${why.actsNext}`;
  if (!/^[A-Z].{6,}\.$/.test(why.unblockedBy) || EMPTY.test(why.unblockedBy))
    return `unblockedBy ${why.unblockedBy}`;
  if (!(why.since instanceof Date) || Number.isNaN(why.since.getTime())) return `since ${String(why.since)}`;
  return null;
}

const ENDED: readonly string[] = ['PAID', 'SETTLED_NIL', 'SETTLED_OUTSIDE', 'LAPSED'];

/** Nobody acts next exactly where nothing more is to be done. */
function nobodyFaultOf({ d, why }: Walked): string | null {
  const ended = ENDED.includes(d.status);
  const may = ended || (d.status === 'AWAITING_PROVIDER_APPROVAL' && why.code === 'NOT_YET_OPEN');
  const wrong = (why.actsNext === 'nobody' && !may) || (ended && why.actsNext !== 'nobody');
  return wrong ? `${why.code} ${why.actsNext}` : null;
}

const STOPPED_BY_OBSTACLES: readonly string[] = [
  'AWAITING_PROVIDER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
];

function orderFaultOf({ d, context, why }: Walked): string | null {
  if (!STOPPED_BY_OBSTACLES.includes(d.status)) return null;
  const expected =
    (context.parkedSince && 'UPSTREAM_EVENT_PARKED') ??
    (context.frozen && 'PERIOD_FROZEN') ??
    (d.holds.some((hold) => hold.escalatedAt) ? 'HOLD_EXPIRED' : d.holds[0]?.code) ??
    (d.blocked && 'UPSTREAM_EVENT_PARKED') ??
    (d.awaiting || d.required['XP1'] ? 'ACHIEVEMENT_AWAITING_AGGREGATION' : null);
  return expected !== null && why.code !== expected ? `${why.code}, not ${expected}` : null;
}

/** The commissioner is named where a release would be carried out, in the words that stand beside the hold itself. */
function holdFaultOf({ d, why }: Walked): string | null {
  const hold = d.holds.find((one) => one.escalatedAt) ?? d.holds[0];
  if (!hold || why.code !== (hold.escalatedAt ? 'HOLD_EXPIRED' : hold.code)) return null;
  const next = awaitsFigures(d, hold) ? (d.blocked ? 'operator' : 'system') : 'commissioner';
  if (why.actsNext !== next) return `${why.actsNext}, not ${next}`;
  const beside = nextOnHold(d, hold).unblockedBy;
  return why.unblockedBy === beside ? null : `${why.unblockedBy}, not ${beside}`;
}

/** Whoever froze it may thaw it. */
function freezeFaultOf({ context, why }: Walked): string | null {
  if (why.code !== 'PERIOD_FROZEN') return null;
  const expected = context.frozen?.frozenFor === ENGLAND ? 'operator' : 'commissioner';
  return why.actsNext === expected ? null : `${why.actsNext}, not ${expected}`;
}

/** Nothing is said to have caused it that did not happen. */
function causeFaultOf({ d, why }: Walked): string | null {
  const wrong = `${why.code}: ${why.cause}`;
  const cameBack = d.declaredVersion > 0;
  if (why.code === 'NOT_DECLARED_BY_DEADLINE' && (cameBack || d.statusReason)) return wrong;
  if (why.cause.includes('its figures changed') && (!cameBack || d.declaredVersion === d.declarationVersion))
    return wrong;
  if (why.code === 'FINANCE_NOT_REQUIRED' && d.status === 'FINANCIALLY_APPROVED') return wrong;
  const atProvider = why.actsNext === 'provider';
  const fromFinance = d.status === 'AWAITING_COMMISSIONER_APPROVAL' && d.systemWaits && isWhereItStands(why);
  if (!d.statusReason || !(atProvider || fromFinance)) return null;
  return why.cause.includes(d.statusReason.replace('.', '')) ? null : wrong;
}

const isWhereItStands = ({ code }: WhyNotPaid): boolean => code.startsWith('AWAITING_COMMISSIONER_');

const CHECKS = {
  answer: faultOf,
  nobody: nobodyFaultOf,
  order: orderFaultOf,
  hold: holdFaultOf,
  freeze: freezeFaultOf,
  cause: causeFaultOf,
};
type Check = keyof typeof CHECKS;

describe('everything that is not paid, and what is,', () => {
  const faults: Record<Check, string[]> = {
    answer: [],
    nobody: [],
    order: [],
    hold: [],
    freeze: [],
    cause: [],
  };
  let walked = 0;
  beforeAll(() => {
    for (const one of everything()) {
      walked++;
      for (const check of Object.keys(CHECKS) as Check[]) {
        const fault = CHECKS[check](one);
        if (fault !== null && faults[check].length < 20) faults[check].push(`${one.where()} → ${fault}`);
      }
    }
  });

  it('has one answer with code, cause, who acts next, what unblocks it and since when', () => {
    expect(faults.answer).toEqual([]);
    expect(walked).toBeGreaterThan(500_000);
  });

  it('waits for nobody only when it ended, or its window is not open', () => {
    expect(faults.nobody).toEqual([]);
  });

  it('is said to be parked, frozen, on hold or waiting for figures before where it stands', () => {
    expect(faults.order).toEqual([]);
  });

  it('under a hold waits for its commissioner exactly when the hold can be released, as the hold itself says', () => {
    expect(faults.hold).toEqual([]);
  });

  it('in a frozen period waits for whoever froze it', () => {
    expect(faults.freeze).toEqual([]);
  });

  it('is never said to have been late, changed or left out when it was not, and keeps the reason of who sent it back', () => {
    expect(faults.cause).toEqual([]);
  });
});
