import type { DeclarationEventData } from '@attest/contracts';

export const MESSAGE_KINDS = [
  'READY_TO_DECLARE',
  'HELD',
  'HOLD_RELEASED',
  'REOPENED',
  'REFUSED',
  'NEEDS_RESOLUTION',
  'ADJUSTMENT_OPENED',
  'PAID',
  'PAYMENT_REJECTED',
  'MEMBERSHIP_CHANGED',
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
  /** The declaration, or for a membership the PCN; with `lineVersion` it makes a repeat harmless. */
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

/** Whom an event of a declaration concerns, and what each is told. Most events concern nobody. */
export function noticesOf(type: string, { declaration: d, fact }: DeclarationEventData): Notice[] {
  const line: NoticeLine = {
    subjectId: d.declarationId,
    lineVersion: BigInt(d.revision),
    serviceCode: d.serviceCode,
    achievementDate: d.achievementDate,
    providerCode: d.organisationCode,
    pence: BigInt(d.pence),
    previousPence: fact.previousPence === null ? null : BigInt(fact.previousPence),
    code: fact.code,
    reason: fact.reason,
  };
  const provider = (kind: MessageKind, bucket: string): Notice => ({
    kind,
    organisationCode: d.organisationCode,
    bucket,
    line,
  });
  const commissioner = (kind: MessageKind, bucket: string): Notice => ({
    kind,
    organisationCode: d.commissionerCode,
    bucket,
    line,
  });
  const both = (kind: MessageKind, bucket: string): Notice[] => [
    provider(kind, bucket),
    commissioner(kind, bucket),
  ];

  switch (type) {
    case 'declaration.opened.v1':
      return d.kind === 'adjustment'
        ? both('ADJUSTMENT_OPENED', d.declarationId)
        : [provider('READY_TO_DECLARE', d.paymentPeriod)];
    case 'declaration.held.v1':
      return both('HELD', d.holds.at(-1)?.causeEventId ?? d.declarationId);
    case 'declaration.released.v1':
      return [provider('HOLD_RELEASED', d.paymentPeriod)];
    case 'declaration.reopened.v1':
      return both('REOPENED', d.declarationId);
    case 'declaration.refused.v1':
    case 'declaration.finance-refused.v1':
      return [provider('REFUSED', d.paymentPeriod)];
    case 'declaration.needs-resolution.v1':
      return both('NEEDS_RESOLUTION', d.declarationId);
    case 'declaration.paid.v1':
      // One digest per provider and run: a month pays 46,000 lines to 7,000 providers.
      return [provider('PAID', d.runId ?? d.paymentPeriod)];
    case 'declaration.rejected.v1':
      return both('PAYMENT_REJECTED', d.runId ?? d.paymentPeriod);
    default:
      return [];
  }
}
