import { ApiProperty } from '@attest/http';
import { AMENDMENT_POUNDS_CODES, type AmendmentPoundsCode } from '@attest/contracts';
import { penceDigits } from '@attest/money';
import type { Amendment, AmendmentStep } from '../application/amendment-ports.js';
import { changedValues } from '../domain/amend-page.js';
import { AMENDMENT_STATE_LABELS, AMENDMENT_STATES, type AmendmentState } from '../domain/amendment.js';
import { POUNDS_WORDS } from '../domain/amendment-pounds.js';

export class AmendedValueView {
  @ApiProperty() readonly indicatorCode!: string;
  @ApiProperty() readonly fieldName!: string;
  @ApiProperty({ type: Number, nullable: true, description: 'null was not sent, which is not 0' })
  readonly oldValue!: number | null;
  @ApiProperty() readonly newValue!: number;
}

export class PageValueView {
  @ApiProperty() readonly indicatorCode!: string;
  @ApiProperty() readonly fieldName!: string;
  @ApiProperty({ type: Number, nullable: true }) readonly oldValue!: number | null;
  @ApiProperty({ type: Number, nullable: true }) readonly newValue!: number | null;
  @ApiProperty() readonly changed!: boolean;
}

export class AmendmentPoundsView {
  @ApiProperty({ type: String, nullable: true, description: 'pence, in digits' })
  readonly oldPence!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'pence, in digits' })
  readonly newPence!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'pence, in digits; below 0 is less than before' })
  readonly differencePence!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly oldPoints!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly newPoints!: string | null;
  @ApiProperty({
    enum: AMENDMENT_POUNDS_CODES,
    nullable: true,
    description: 'why an amount is not there: it is never guessed',
  })
  readonly code!: AmendmentPoundsCode | null;
  @ApiProperty({ type: String, nullable: true }) readonly words!: string | null;
}

export class AmendmentDecisionView {
  @ApiProperty({ type: String, nullable: true, description: 'null when newer data overtook it' })
  readonly personId!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly forOrganisation!: string | null;
  @ApiProperty() readonly at!: Date;
  @ApiProperty({ type: String, nullable: true }) readonly reason!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'the page that holds the new values' })
  readonly newPageVersion!: number | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    description:
      'of an accepted one: the later page of a file since which it counts no more; null while it stands',
  })
  readonly overtakenByPageVersion!: number | null;
}

export class AmendmentView {
  @ApiProperty({ format: 'uuid' }) readonly amendmentId!: string;
  @ApiProperty({ description: 'the ETag; decide with it in If-Match' }) readonly amendmentVersion!: number;
  @ApiProperty({ enum: AMENDMENT_STATES }) readonly state!: AmendmentState;
  @ApiProperty({ description: 'the state as people read it' }) readonly label!: string;
  @ApiProperty() readonly serviceCode!: string;
  @ApiProperty() readonly achievementDate!: string;
  @ApiProperty() readonly practiceCode!: string;
  @ApiProperty({ type: String, nullable: true }) readonly practiceName!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly commissionerCode!: string | null;
  @ApiProperty({ description: 'the page whose values are the old ones' }) readonly pageVersion!: number;
  @ApiProperty() readonly rulePackVersion!: number;
  @ApiProperty({ type: AmendedValueView, isArray: true }) readonly changes!: readonly AmendedValueView[];
  @ApiProperty({ type: AmendmentPoundsView }) readonly pounds!: AmendmentPoundsView;
  @ApiProperty({
    description: 'by the payment calendar its run is over: what was paid is set right by an adjustment',
  })
  readonly reconciliation!: boolean;
  @ApiProperty() readonly reason!: string;
  @ApiProperty() readonly requestedBy!: string;
  @ApiProperty() readonly requestedAt!: Date;
  @ApiProperty({ type: AmendmentDecisionView, nullable: true })
  readonly decision!: AmendmentDecisionView | null;
}

export class AmendmentStepView implements AmendmentStep {
  @ApiProperty() readonly amendmentVersion!: number;
  @ApiProperty() readonly at!: Date;
  @ApiProperty({ enum: ['provider', 'commissioner', 'system'] }) readonly actor!: AmendmentStep['actor'];
  @ApiProperty({ type: String, nullable: true }) readonly personId!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly forOrganisation!: string | null;
  @ApiProperty({ enum: AMENDMENT_STATES, nullable: true }) readonly from!: AmendmentState | null;
  @ApiProperty({ enum: AMENDMENT_STATES }) readonly to!: AmendmentState;
  @ApiProperty({ type: String, nullable: true }) readonly reason!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'the file that overtook it' })
  readonly causeFileId!: string | null;
}

export class AmendmentDetailView extends AmendmentView {
  @ApiProperty({
    type: PageValueView,
    isArray: true,
    description: 'the whole page, old and new side by side',
  })
  readonly values!: readonly PageValueView[];
  @ApiProperty({ type: AmendmentStepView, isArray: true, description: 'oldest first' })
  readonly history!: readonly AmendmentStepView[];
}

export function amendmentView(amendment: Amendment): AmendmentView {
  const { fields, oldValues, newValues, pounds, decidedAt, ...rest } = amendment;
  const { oldPence, newPence, code } = pounds;
  return {
    amendmentId: rest.amendmentId,
    amendmentVersion: rest.amendmentVersion,
    state: rest.state,
    label: AMENDMENT_STATE_LABELS[rest.state],
    serviceCode: rest.serviceCode,
    achievementDate: rest.achievementDate,
    practiceCode: rest.practiceCode,
    practiceName: rest.practiceName,
    commissionerCode: rest.commissionerCode,
    pageVersion: rest.pageVersion,
    rulePackVersion: rest.rulePackVersion,
    changes: changedValues(fields, oldValues, newValues),
    pounds: {
      oldPence: oldPence === null ? null : penceDigits(oldPence),
      newPence: newPence === null ? null : penceDigits(newPence),
      differencePence: oldPence === null || newPence === null ? null : penceDigits(newPence - oldPence),
      oldPoints: pounds.oldPoints,
      newPoints: pounds.newPoints,
      code,
      words: code === null ? null : POUNDS_WORDS[code],
    },
    reconciliation: rest.reconciliation,
    reason: rest.reason,
    requestedBy: rest.requestedBy,
    requestedAt: rest.requestedAt,
    decision:
      decidedAt === null
        ? null
        : {
            personId: rest.decidedBy,
            forOrganisation: rest.decidedFor,
            at: decidedAt,
            reason: rest.decisionReason,
            newPageVersion: rest.newPageVersion,
            overtakenByPageVersion: rest.overtakenByPageVersion,
          },
  };
}

export function amendmentDetailView(
  amendment: Amendment,
  history: readonly AmendmentStep[],
): AmendmentDetailView {
  const { fields, oldValues, newValues } = amendment;
  return {
    ...amendmentView(amendment),
    values: fields.map(({ indicatorCode, fieldName }, place) => {
      const [oldValue, newValue] = [oldValues[place] ?? null, newValues[place] ?? null];
      return { indicatorCode, fieldName, oldValue, newValue, changed: oldValue !== newValue };
    }),
    history,
  };
}
