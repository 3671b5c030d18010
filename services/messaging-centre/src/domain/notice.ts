import type { DeclarationEventData, DeclarationState } from '@attest/contracts';
import { whyNothingToPay } from './lapse.js';
import { pounds } from './phrases.js';

export const MESSAGE_KINDS = [
  'READY_TO_DECLARE',
  'DEADLINE_NEAR',
  'DECLARED_LATE',
  'LATE_ADMITTED',
  'HELD',
  'HOLD_ESCALATED',
  'HOLD_RELEASED',
  'FIGURE_KEPT',
  'REOPENED',
  'REVERTED',
  'REFUSED',
  'REFUSED_BY_FINANCE',
  'UNDECLARED',
  'LAPSED',
  'NEEDS_RESOLUTION',
  'ADJUSTMENT_OPENED',
  'SETTLED_OUTSIDE',
  'NETTED',
  'PAID',
  'PAYMENT_REJECTED',
  'PAYMENT_RETURNED',
  'MEMBERSHIP_CHANGED',
  'PAYEE_CHANGED',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** One thing to tell one organisation. Notices with the same kind, organisation and bucket become one message. */
export interface Notice {
  readonly kind: MessageKind;
  readonly organisationCode: string;
  /** What the digest gathers: a payment period, a run, the event that caused a hold. */
  readonly bucket: string;
  readonly line: NoticeLine;
}

export interface NoticeLine {
  /** The declaration, for a membership the PCN, for a payee the provider; with `lineVersion` it makes a repeat harmless. */
  readonly subjectId: string;
  readonly lineVersion: bigint;
  readonly serviceCode: string | null;
  readonly achievementDate: string | null;
  readonly providerCode: string;
  readonly pence: bigint | null;
  readonly previousPence: bigint | null;
  readonly code: string | null;
  readonly reason: string | null;
}

/** Who is told, and what their digest gathers. */
interface Telling {
  readonly kind: MessageKind;
  readonly to: 'provider' | 'commissioner' | 'both';
  readonly bucket: string;
}

const OF_A_LINE: readonly MessageKind[] = ['PAID', 'PAYMENT_REJECTED', 'PAYMENT_RETURNED'];

/** Whom an event of a declaration concerns, and what each is told. Most events concern nobody. */
export function noticesOf(type: string, data: DeclarationEventData): Notice[] {
  const telling = tellingOf(type, data);
  if (!telling) return [];
  const { declaration: d, fact } = data;
  const netted = BigInt(d.nettedPence ?? '0');
  // What is told of a line is what stood on it: recoveries may have taken their part before.
  const isReducedLine = netted > 0n && OF_A_LINE.includes(telling.kind);
  const line: NoticeLine = {
    subjectId: d.declarationId,
    lineVersion: BigInt(d.revision),
    serviceCode: d.serviceCode,
    achievementDate: d.achievementDate,
    providerCode: d.organisationCode,
    pence: BigInt(d.pence) - (isReducedLine ? netted : 0n),
    previousPence: fact.previousPence === null ? null : BigInt(fact.previousPence),
    code: fact.code,
    reason: isReducedLine ? reduced(netted, d, fact.reason) : reasonOf(telling.kind, data),
  };
  const told = {
    provider: [d.organisationCode],
    commissioner: [d.commissionerCode],
    both: [d.organisationCode, d.commissionerCode],
  }[telling.to];
  return told.map((organisationCode) => ({
    kind: telling.kind,
    organisationCode,
    bucket: telling.bucket,
    line,
  }));
}

function reasonOf(kind: MessageKind, { declaration: d, fact }: DeclarationEventData): string | null {
  if (kind === 'LAPSED') return fact.code === 'NOT_APPLICABLE' ? whyNothingToPay(fact.reason) : fact.reason;
  // A hold that waited for the end of a run is placed by the system, and says itself why it was wished.
  return fact.reason ?? (kind === 'HELD' ? (d.holds.at(-1)?.reason ?? null) : null);
}

const reduced = (netted: bigint, { pence }: DeclarationState, reason: string | null): string =>
  [reason, `recoveries had taken ${pounds(netted)} of ${pounds(BigInt(pence))}`]
    .filter((part) => part !== null)
    .join(' · ');

/** What was signed is reopened before it lapses, in one go: nobody can declare it again. */
const lapsesNext = (d: DeclarationState, fact: DeclarationEventData['fact']): boolean =>
  fact.code === 'NOT_APPLICABLE' ||
  // What recoveries took off an adjustment comes back: that is signed, for nothing.
  (d.kind === 'adjustment' && BigInt(d.pence) === 0n && d.nettedPence === undefined);

function tellingOf(type: string, { declaration: d, fact }: DeclarationEventData): Telling | null {
  const telling = (kind: MessageKind, to: Telling['to'], bucket: string): Telling => ({ kind, to, bucket });
  const period = d.paymentPeriod;
  switch (type) {
    case 'declaration.opened.v1':
      // Where the system declares, nobody has to. An achievement is told of when it may be declared (`ready.ts`).
      return d.kind === 'adjustment' && d.approvalRoute?.declaration !== 'not-required'
        ? telling('ADJUSTMENT_OPENED', 'both', period)
        : null;
    case 'declaration.declared.v1':
      // It waits for the run of its later period, unless the commissioner admits it to an earlier one.
      return fact.code === 'DECLARED_LATE' ? telling('DECLARED_LATE', 'commissioner', period) : null;
    case 'declaration.late-admitted.v1':
      return telling('LATE_ADMITTED', 'both', period);
    case 'declaration.held.v1':
      // One membership change holds many; what is held by hand has no event that caused it.
      return telling('HELD', 'both', d.holds.at(-1)?.causeEventId ?? `${fact.code ?? 'BY_HAND'}:${period}`);
    case 'declaration.hold-escalated.v1':
      return telling('HOLD_ESCALATED', 'both', period);
    case 'declaration.released.v1':
      return telling('HOLD_RELEASED', 'provider', period);
    case 'declaration.figure-kept.v1':
      return telling('FIGURE_KEPT', 'provider', period);
    case 'declaration.undeclared.v1':
      // Its provider knows what it took back itself.
      return fact.actor === 'commissioner' ? telling('UNDECLARED', 'provider', period) : null;
    case 'declaration.reopened.v1':
      return lapsesNext(d, fact) ? null : telling('REOPENED', 'both', period);
    case 'declaration.lapsed.v1':
      // What somebody withdrew needs something else than what owes nothing any more.
      return telling('LAPSED', 'both', `${fact.code ?? 'LAPSED'}:${period}`);
    case 'declaration.reverted.v1':
      return telling('REVERTED', 'both', period);
    case 'declaration.refused.v1':
      return telling('REFUSED', 'provider', period);
    case 'declaration.finance-refused.v1':
      return telling('REFUSED_BY_FINANCE', 'both', period);
    case 'declaration.needs-resolution.v1':
      // What was stopped in time needs something else than what was not.
      return telling('NEEDS_RESOLUTION', 'both', `${fact.code ?? 'NOT_STOPPED_IN_TIME'}:${period}`);
    case 'declaration.settled-outside.v1':
      return telling('SETTLED_OUTSIDE', 'both', period);
    case 'declaration.netted.v1':
      return telling('NETTED', 'both', d.runId ?? period);
    case 'declaration.paid.v1':
      // One digest per provider and run: a month pays 46,000 lines to 7,000 providers.
      return telling('PAID', 'provider', d.runId ?? period);
    case 'declaration.rejected.v1':
      return telling('PAYMENT_REJECTED', 'both', d.runId ?? period);
    case 'declaration.returned.v1':
      return telling('PAYMENT_RETURNED', 'both', d.runId ?? period);
    default:
      return null;
  }
}
