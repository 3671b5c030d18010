import { ApiProperty } from '@attest/http';
import { APPROVAL_ROLES, type DeclarationStatus, type Hold } from '@attest/contracts';
import type {
  FoundDeclaration,
  HistoryRow,
  ShownDeclaration,
  ShownResult,
} from '../../application/looking/queries.js';
import { isCurrent, isHeld, type Declaration } from '../../domain/core/declaration.js';
import { ON_HOLD_LABEL, STATUS_LABELS } from '../../domain/core/declaration.transitions.js';
import { tierDue } from '../../domain/signing/policy.js';
import type { ActsNext, WhyNotPaid } from '../../domain/why/why.js';
import { OverrideView, overrideViewOf } from '../figures/override.view.js';

export class TierSignatureView {
  @ApiProperty({ example: 'senior' }) tier!: string;
  @ApiProperty() personId!: string;
  @ApiProperty() at!: string;
}

export class TierDueView {
  @ApiProperty({ example: 'senior' }) name!: string;
  @ApiProperty({ enum: APPROVAL_ROLES }) role!: string;
}

/** A declaration in a list. Pence are digits, because JSON has no bigint. */
export class DeclarationView {
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ enum: ['achievement', 'adjustment'] }) kind!: string;
  @ApiProperty() serviceCode!: string;
  @ApiProperty() achievementDate!: string;
  @ApiProperty() organisationCode!: string;
  @ApiProperty() commissionerCode!: string;
  @ApiProperty() paymentPeriod!: string;
  @ApiProperty() status!: string;
  @ApiProperty({ description: 'What people read: On Hold while any hold stands.' }) label!: string;
  @ApiProperty() statusSince!: Date;
  @ApiProperty({ type: String, nullable: true }) statusCode!: string | null;
  @ApiProperty() revision!: number;
  @ApiProperty() declarationVersion!: number;
  @ApiProperty() figureRevision!: number;
  @ApiProperty({ type: String, example: '627750' }) pence!: bigint;
  @ApiProperty({ type: String, description: 'Taken off its lines by recoveries of the same provider.' })
  nettedPence!: bigint;
  @ApiProperty() awaitingAggregation!: boolean;
  @ApiProperty({ type: [Object] }) holds!: readonly Hold[];
  @ApiProperty() late!: boolean;
  @ApiProperty() attempt!: number;
  @ApiProperty({ type: String, nullable: true }) runId!: string | null;
  @ApiProperty({ type: String, nullable: true }) declaredBy!: string | null;
  @ApiProperty({ type: String, nullable: true }) commissionerSignedBy!: string | null;
  @ApiProperty({ type: String, nullable: true }) financeSignedBy!: string | null;
  @ApiProperty({ type: [TierSignatureView], description: 'One for each tier that has signed.' })
  commissionerSignatures!: readonly TierSignatureView[];
  @ApiProperty({ type: TierDueView, nullable: true, description: 'Whose signature it waits for now.' })
  tierDue!: TierDueView | null;
}

export class CorrectionView {
  @ApiProperty({ format: 'uuid' }) correctionId!: string;
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty() attempt!: number;
  @ApiProperty({ enum: ['payee', 'account'] }) what!: 'payee' | 'account';
  @ApiProperty() reason!: string;
  @ApiProperty() proposedBy!: string;
  @ApiProperty() proposedAt!: Date;
}

export class OutsideSettlementView {
  @ApiProperty({ format: 'uuid' }) settlementId!: string;
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty() declarationVersion!: number;
  @ApiProperty({ type: String, example: '-2060', description: 'Below zero: a recovery.' }) pence!: bigint;
  @ApiProperty() note!: string;
  @ApiProperty() proposedBy!: string;
  @ApiProperty() proposedAt!: Date;
}

export class DeclarationDetailView extends DeclarationView {
  @ApiProperty({ type: Object, nullable: true, description: 'The result that was stated last.' })
  result!: ShownResult | null;
  @ApiProperty({ type: Object, nullable: true, description: 'The one before it.' })
  previousResult!: ShownResult | null;
  @ApiProperty({ type: Object, nullable: true }) calendar!: ShownDeclaration['calendar'];
  @ApiProperty({ type: Object }) requiredMemberships!: Readonly<Record<string, number>>;
  @ApiProperty({ type: OverrideView, nullable: true, description: 'The earlier figure is kept, signed.' })
  override!: OverrideView | null;
  @ApiProperty({ type: CorrectionView, nullable: true, description: 'Waits for its second person.' })
  correction!: CorrectionView | null;
  @ApiProperty({ type: OutsideSettlementView, nullable: true, description: 'Waits for its second person.' })
  outsideSettlement!: OutsideSettlementView | null;
}

export class HistoryView implements HistoryRow {
  @ApiProperty() revision!: number;
  @ApiProperty() action!: string;
  @ApiProperty({ type: String, nullable: true }) fromStatus!: DeclarationStatus | null;
  @ApiProperty({ type: String }) toStatus!: DeclarationStatus;
  @ApiProperty() actor!: string;
  @ApiProperty({ type: String, nullable: true }) personId!: string | null;
  @ApiProperty({ type: String, nullable: true }) forOrganisation!: string | null;
  @ApiProperty() at!: Date;
  @ApiProperty({ type: String, nullable: true }) reason!: string | null;
  @ApiProperty({ type: String, nullable: true }) code!: string | null;
  @ApiProperty({ type: String, nullable: true }) approvalId!: string | null;
  @ApiProperty() declarationVersion!: number;
  @ApiProperty() figureRevision!: number;
  @ApiProperty({ type: String }) pence!: bigint;
  @ApiProperty({ type: String, nullable: true }) previousPence!: bigint | null;
  @ApiProperty({ type: [Object] }) holds!: readonly Hold[];
  @ApiProperty({ type: String, nullable: true }) runId!: string | null;
  @ApiProperty() attempt!: number;
  @ApiProperty({ type: String, nullable: true }) causeEventId!: string | null;
}

export class WhyNotPaidView implements WhyNotPaid {
  @ApiProperty({ example: 'PCN_PRACTICE_LEFT', description: 'Of the cause; a hold names its own.' })
  code!: string;
  @ApiProperty({
    type: [String],
    example: ['ON_HOLD', 'ACHIEVEMENT_AWAITING_AGGREGATION'],
    description: 'Everything that stands in the way of its next step; it would be refused with the first.',
  })
  obstacles!: WhyNotPaid['obstacles'];
  @ApiProperty() cause!: string;
  @ApiProperty() actsNext!: ActsNext;
  @ApiProperty() unblockedBy!: string;
  @ApiProperty() since!: Date;
}

export class BulkDeclareResultView {
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ description: 'The status that this item alone would have been answered with.' })
  status!: number;
  @ApiProperty({ example: 'DECLARED' }) code!: string;
  @ApiProperty() words!: string;
  @ApiProperty({ type: Number, nullable: true }) revision!: number | null;
  @ApiProperty({ type: Number, nullable: true }) declarationVersion!: number | null;
  @ApiProperty() late!: boolean;
}

export class BulkDeclareView {
  @ApiProperty() declared!: number;
  @ApiProperty() refused!: number;
  @ApiProperty({ type: [BulkDeclareResultView] }) items!: BulkDeclareResultView[];
}

export class AdmitLateResultView {
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ description: 'The status that this item alone would have been answered with.' })
  status!: number;
  @ApiProperty({ example: 'ADMITTED' }) code!: string;
  @ApiProperty() words!: string;
  @ApiProperty({ type: Number, nullable: true }) revision!: number | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-08' }) paymentPeriod!: string | null;
}

export class BulkAdmitLateView {
  @ApiProperty() admitted!: number;
  @ApiProperty() refused!: number;
  @ApiProperty({ type: [AdmitLateResultView] }) items!: AdmitLateResultView[];
}

export function viewOf(d: Declaration, agencyLabel: string | null): DeclarationView {
  const sent = d.status === 'SENT_TO_AGENCY' ? agencyLabel : null;
  return {
    declarationId: d.declarationId,
    kind: d.kind,
    serviceCode: d.serviceCode,
    achievementDate: d.achievementDate,
    organisationCode: d.organisationCode,
    commissionerCode: d.commissionerCode,
    paymentPeriod: d.paymentPeriod,
    status: d.status,
    label: isHeld(d) ? ON_HOLD_LABEL : (sent ?? STATUS_LABELS[d.status]),
    statusSince: d.statusSince,
    statusCode: d.statusCode,
    revision: d.revision,
    declarationVersion: d.declarationVersion,
    figureRevision: d.statedRevision,
    pence: d.pence,
    nettedPence: d.nettedPence,
    awaitingAggregation: !isCurrent(d),
    holds: d.holds,
    late: d.late,
    attempt: d.attempt,
    runId: d.runId,
    declaredBy: d.declaredBy,
    commissionerSignedBy: d.commissionerSignedBy,
    financeSignedBy: d.financeSignedBy,
    commissionerSignatures: d.commissionerSignatures,
    tierDue: d.status === 'AWAITING_COMMISSIONER_APPROVAL' ? tierDue(d) : null,
  };
}

export const listViewOf = ({ declaration, agencyLabel }: FoundDeclaration): DeclarationView =>
  viewOf(declaration, agencyLabel);

export function detailViewOf(shown: ShownDeclaration): DeclarationDetailView {
  return {
    ...viewOf(shown.declaration, shown.agencyLabel),
    result: shown.results[0] ?? null,
    previousResult: shown.results[1] ?? null,
    calendar: shown.calendar,
    requiredMemberships: shown.declaration.required,
    override: overrideViewOf(shown.declaration.override),
    correction: shown.correction,
    outsideSettlement: shown.outsideSettlement,
  };
}
