import { ApiProperty } from '@attest/http';
import type {
  AchievementSummary,
  RecalculationView,
  RevisionSummary,
  RevisionView,
} from '../application/queries.js';
import type { Explanation } from '../domain/make-figure.js';

export class CauseDto {
  @ApiProperty() readonly topic!: string;
  @ApiProperty() readonly key!: string;
  @ApiProperty() readonly version!: number;
}

export class AchievementSummaryDto implements AchievementSummary {
  @ApiProperty() readonly serviceCode!: string;
  @ApiProperty() readonly achievementDate!: string;
  @ApiProperty() readonly organisationCode!: string;
  @ApiProperty() readonly figureRevision!: number;
  @ApiProperty({ enum: ['none', 'calculated', 'not-applicable'] })
  readonly state!: AchievementSummary['state'];
  @ApiProperty({ type: String, nullable: true, description: 'why there is nothing to pay' }) readonly code!:
    string | null;
  @ApiProperty({ type: String, nullable: true, description: 'digits' }) readonly pence!: bigint | null;
  @ApiProperty({ type: String, nullable: true }) readonly points!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'the revision that ends the wait' })
  readonly awaitingRevision!: number | null;
  @ApiProperty({ type: String, nullable: true }) readonly blockedCode!: string | null;
  @ApiProperty({ type: Date, nullable: true }) readonly updatedAt!: Date | null;
}

export class DeclaredValueDto {
  @ApiProperty() readonly indicatorCode!: string;
  @ApiProperty() readonly measure!: string;
  @ApiProperty() readonly value!: string;
}

export class InputDto {
  @ApiProperty({ enum: ['page', 'pcn-membership', 'rule-pack', 'list-size', 'participation'] })
  readonly source!: 'page' | 'pcn-membership' | 'rule-pack' | 'list-size' | 'participation';
  @ApiProperty() readonly key!: string;
  @ApiProperty() readonly version!: number;
}

export class RevisionSummaryDto implements RevisionSummary {
  @ApiProperty() readonly figureRevision!: number;
  @ApiProperty({ enum: ['calculated', 'not-applicable'] }) readonly state!: RevisionSummary['state'];
  @ApiProperty({ type: String, nullable: true }) readonly code!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'digits' }) readonly pence!: bigint | null;
  @ApiProperty({ type: String, nullable: true }) readonly points!: string | null;
  @ApiProperty({ type: CauseDto, nullable: true }) readonly cause!: CauseDto | null;
  @ApiProperty() readonly calculatedAt!: Date;
}

export class RevisionDto extends RevisionSummaryDto implements RevisionView {
  @ApiProperty({ type: DeclaredValueDto, isArray: true }) readonly values!: readonly DeclaredValueDto[];
  @ApiProperty({ type: InputDto, isArray: true }) readonly inputs!: readonly InputDto[];
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'rule pack, participation, pages with file and lines, list sizes, members, and every step of the formula',
  })
  readonly explanation!: Explanation;
}

export class AchievementDto extends AchievementSummaryDto {
  @ApiProperty({ type: RevisionDto, nullable: true }) readonly figure!: RevisionDto | null;
  @ApiProperty({ type: RevisionSummaryDto, isArray: true, description: 'newest first' })
  readonly history!: RevisionSummaryDto[];
}

export class RecalculationAcceptedDto {
  @ApiProperty({ format: 'uuid' }) readonly recalculationId!: string;
}

export class RecalculationDto implements RecalculationView {
  @ApiProperty({ format: 'uuid' }) readonly recalculationId!: string;
  @ApiProperty() readonly serviceCode!: string;
  @ApiProperty() readonly achievementDate!: string;
  @ApiProperty({ enum: ['queued', 'done'] }) readonly state!: 'queued' | 'done';
  @ApiProperty({ type: String, nullable: true }) readonly requestedBy!: string | null;
  @ApiProperty() readonly requestedAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) readonly finishedAt!: Date | null;
  @ApiProperty({ type: Number, nullable: true }) readonly examined!: number | null;
  @ApiProperty({ type: Number, nullable: true }) readonly published!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'moved on meanwhile and left alone' })
  readonly newer!: number | null;
}
