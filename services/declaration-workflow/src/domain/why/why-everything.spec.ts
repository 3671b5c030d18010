import { beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLAND } from '@attest/contracts';
import { everything, type Walked } from '../../../test/everything.js';
import { awaitsFigures } from '../holds/release-hold.js';
import { nextOnHold } from './why-held.js';
import type { ActsNext, WhyNotPaid } from './why.js';

const ACTS_NEXT: readonly ActsNext[] = [
  'provider',
  'commissioner',
  'finance',
  'agency',
  'operator',
  'system',
  'nobody',
];

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
