import type { LondonDate } from '@attest/calendar';
import type { DeclarationStatus, Hold, ReadonlyPolicy, TierSignature } from '@attest/contracts';
import type { ChangedDeclaration } from '../../application/core/written-batch.js';
import type { Declaration, Marker } from '../../domain/core/declaration.js';
import { nextExpiryOf } from '../../domain/holds/hold-expiry.js';
import { isDueToSystem } from '../../domain/signing/system-steps.js';
import {
  figuresOf,
  overrideOf,
  storedFigures,
  storedOverride,
  type StoredFigures,
  type StoredOverride,
} from '../figures/stored-override.js';
import type { Column } from './unnest.js';

/** A row of `declaration` as pg gives it. */
export interface DeclarationRow {
  readonly declaration_id: string;
  readonly kind: Declaration['kind'];
  readonly service_code: string;
  readonly achievement_date: LondonDate;
  readonly organisation_code: string;
  readonly commissioner_code: string;
  readonly payment_period: string;
  readonly status: DeclarationStatus;
  readonly status_since: Date;
  readonly status_code: string | null;
  readonly status_reason: string | null;
  readonly revision: bigint;
  readonly declaration_version: bigint;
  readonly declared_version: bigint;
  readonly pence: bigint;
  readonly stated_revision: bigint;
  readonly stated_hash: string;
  readonly figure_revision: bigint;
  readonly figure_pence: bigint;
  readonly figure_hash: string;
  readonly not_applicable: string | null;
  readonly memberships: Record<string, number>;
  readonly inputs: Record<string, number> | null;
  readonly previous: StoredFigures | null;
  readonly required: Record<string, number>;
  /** Null: opened by a process of the version before, for which its figures stood for the event. */
  readonly reached_by: Record<string, number> | null;
  readonly awaiting: StoredMarker | null;
  readonly blocked: StoredMarker | null;
  readonly holds: readonly Hold[];
  readonly set_aside_signers: readonly string[];
  readonly pending_holds: readonly Hold[];
  readonly override: StoredOverride | null;
  readonly resolution_since: Date | null;
  readonly late: boolean;
  readonly payable_from: Date | null;
  readonly own_period: string | null;
  readonly attempt: number;
  readonly run_id: string | null;
  readonly declared_by: string | null;
  readonly commissioner_signed_by: string | null;
  readonly commissioner_signatures: readonly TierSignature[];
  readonly finance_signed_by: string | null;
  readonly finance_by_system: boolean;
  readonly system_waits: boolean;
  readonly policy: ReadonlyPolicy | null;
  readonly sealed_pence: bigint | null;
  readonly netted_pence: bigint;
  readonly approval_version: bigint;
  readonly payment_version: bigint;
}

interface StoredMarker {
  readonly until: number;
  readonly since: string;
  readonly code: string | null;
}

export function declarationOf(row: DeclarationRow): Declaration {
  return {
    declarationId: row.declaration_id,
    kind: row.kind,
    serviceCode: row.service_code,
    achievementDate: row.achievement_date,
    organisationCode: row.organisation_code,
    commissionerCode: row.commissioner_code,
    paymentPeriod: row.payment_period,
    status: row.status,
    statusSince: row.status_since,
    statusCode: row.status_code,
    statusReason: row.status_reason,
    revision: Number(row.revision),
    declarationVersion: Number(row.declaration_version),
    declaredVersion: Number(row.declared_version),
    pence: row.pence,
    statedRevision: Number(row.stated_revision),
    statedHash: row.stated_hash,
    latest: {
      revision: Number(row.figure_revision),
      pence: row.figure_pence,
      resultHash: row.figure_hash,
      memberships: row.memberships,
      notApplicable: row.not_applicable,
      inputs: row.inputs,
    },
    previous: figuresOf(row.previous),
    required: row.required,
    reachedBy: row.reached_by ?? { ...row.memberships, ...row.required },
    awaiting: markerOf(row.awaiting),
    blocked: markerOf(row.blocked),
    holds: row.holds,
    setAsideSigners: row.set_aside_signers,
    pendingHolds: row.pending_holds,
    override: overrideOf(row.override),
    resolutionSince: row.resolution_since,
    late: row.late,
    payableFrom: row.payable_from,
    ownPeriod: row.own_period,
    attempt: row.attempt,
    runId: row.run_id,
    declaredBy: row.declared_by,
    commissionerSignedBy: row.commissioner_signed_by,
    commissionerSignatures: row.commissioner_signatures,
    financeSignedBy: row.finance_signed_by,
    financeBySystem: row.finance_by_system,
    systemWaits: row.system_waits,
    policy: row.policy,
    sealedPence: row.sealed_pence,
    nettedPence: row.netted_pence,
    approvalVersion: Number(row.approval_version),
    paymentVersion: Number(row.payment_version),
  };
}

export const markerOf = (stored: StoredMarker | null): Marker | null =>
  stored && { ...stored, since: new Date(stored.since) };

interface DeclarationColumn extends Column<Declaration> {
  readonly fixed?: true;
  /** What it is made from: while that is the same object, its text need not be made to be compared. */
  readonly part?: (d: Declaration) => unknown;
}

const jsonb = <T>(
  name: string,
  part: (d: Declaration) => T,
  text: (value: T) => string | null = (value) => (value === null ? null : JSON.stringify(value)),
): DeclarationColumn => ({ name, type: 'jsonb', part, of: (d) => text(part(d)) });

/** What is stored of a declaration, in one place: insert, update and their arrays are made from it. */
export const COLUMNS: readonly DeclarationColumn[] = [
  { name: 'declaration_id', type: 'uuid', fixed: true, of: (d) => d.declarationId },
  { name: 'kind', type: 'text', fixed: true, of: (d) => d.kind },
  { name: 'service_code', type: 'text', fixed: true, of: (d) => d.serviceCode },
  { name: 'achievement_date', type: 'date', fixed: true, of: (d) => d.achievementDate },
  { name: 'organisation_code', type: 'text', fixed: true, of: (d) => d.organisationCode },
  { name: 'commissioner_code', type: 'text', of: (d) => d.commissionerCode },
  { name: 'payment_period', type: 'text', of: (d) => d.paymentPeriod },
  { name: 'status', type: 'text', of: (d) => d.status },
  { name: 'status_since', type: 'timestamptz', of: (d) => d.statusSince },
  { name: 'status_code', type: 'text', of: (d) => d.statusCode },
  { name: 'status_reason', type: 'text', of: (d) => d.statusReason },
  { name: 'revision', type: 'bigint', of: (d) => d.revision },
  { name: 'declaration_version', type: 'bigint', of: (d) => d.declarationVersion },
  { name: 'declared_version', type: 'bigint', of: (d) => d.declaredVersion },
  { name: 'pence', type: 'bigint', of: (d) => d.pence },
  { name: 'stated_revision', type: 'bigint', of: (d) => d.statedRevision },
  { name: 'stated_hash', type: 'text', of: (d) => d.statedHash },
  { name: 'figure_revision', type: 'bigint', of: (d) => d.latest.revision },
  { name: 'figure_pence', type: 'bigint', of: (d) => d.latest.pence },
  { name: 'figure_hash', type: 'text', of: (d) => d.latest.resultHash },
  { name: 'not_applicable', type: 'text', of: (d) => d.latest.notApplicable },
  jsonb('memberships', (d) => d.latest.memberships),
  jsonb('inputs', (d) => d.latest.inputs),
  jsonb('previous', (d) => d.previous, storedFigures),
  jsonb('required', (d) => d.required),
  jsonb('reached_by', (d) => d.reachedBy),
  jsonb('awaiting', (d) => d.awaiting),
  jsonb('blocked', (d) => d.blocked),
  jsonb('holds', (d) => d.holds),
  jsonb('set_aside_signers', (d) => d.setAsideSigners),
  jsonb('pending_holds', (d) => d.pendingHolds),
  { name: 'hold_expires_on', type: 'date', of: nextExpiryOf },
  jsonb('override', (d) => d.override, storedOverride),
  { name: 'resolution_since', type: 'timestamptz', of: (d) => d.resolutionSince },
  { name: 'late', type: 'boolean', of: (d) => d.late },
  { name: 'payable_from', type: 'timestamptz', of: (d) => d.payableFrom },
  { name: 'own_period', type: 'text', of: (d) => d.ownPeriod },
  { name: 'attempt', type: 'integer', of: (d) => d.attempt },
  { name: 'run_id', type: 'uuid', of: (d) => d.runId },
  { name: 'declared_by', type: 'text', of: (d) => d.declaredBy },
  { name: 'commissioner_signed_by', type: 'text', of: (d) => d.commissionerSignedBy },
  jsonb('commissioner_signatures', (d) => d.commissionerSignatures),
  { name: 'finance_signed_by', type: 'text', of: (d) => d.financeSignedBy },
  { name: 'finance_by_system', type: 'boolean', of: (d) => d.financeBySystem },
  { name: 'system_waits', type: 'boolean', of: (d) => d.systemWaits },
  { name: 'due_to_system', type: 'boolean', of: isDueToSystem },
  jsonb('policy', (d) => d.policy),
  { name: 'sealed_pence', type: 'bigint', of: (d) => d.sealedPence },
  { name: 'netted_pence', type: 'bigint', of: (d) => d.nettedPence },
  { name: 'approval_version', type: 'bigint', of: (d) => d.approvalVersion },
  { name: 'payment_version', type: 'bigint', of: (d) => d.paymentVersion },
];

const CHANGING = COLUMNS.filter((column) => !column.fixed);

/** The columns in which at least one of them differs from what is stored. */
export const changedColumns = (changed: readonly ChangedDeclaration[]): readonly Column<Declaration>[] =>
  CHANGING.filter(({ of, part }) =>
    changed.some(({ before, after }) => (!part || part(before) !== part(after)) && of(before) !== of(after)),
  );
