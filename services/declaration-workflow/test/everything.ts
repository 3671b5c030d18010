import { parseLondonDate, type LondonDate } from '@attest/calendar';
import {
  DECLARATION_STATUSES,
  DEFAULT_POLICY,
  HOLD_CODES,
  TIERED_POLICY_EXAMPLE,
  type Hold,
} from '@attest/contracts';
import type { Declaration } from '../src/domain/core/declaration.js';
import { whyNotPaid, type WhyContext, type WhyNotPaid } from '../src/domain/why/why.js';
import { aDeclaration, aHold, figures, NOW } from './a-declaration.js';

// Everything that a declaration can be, crossed with everything that it can stand under. What is added to the unions
// in the contracts walks along by itself.

const SINCE = new Date('2026-08-19T08:00:00Z');
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

export interface Walked {
  readonly where: () => string;
  readonly d: Declaration;
  readonly context: WhyContext;
  readonly why: WhyNotPaid;
}

/** Every one of them, with what it stands under and the answer. */
export function* everything(): Generator<Walked> {
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
