import { ApiProperty } from '@attest/http';
import type { Override } from '../../domain/core/declaration.js';
import type { ShownFigure } from '../../domain/holds/hold-figures.js';

export class FigureView implements ShownFigure {
  @ApiProperty() figureRevision!: number;
  @ApiProperty({ type: String, example: '627750' }) pence!: bigint;
}

export class OverrideView {
  @ApiProperty({ type: Object, description: 'The membership version of each PCN that it was signed for.' })
  membershipVersions!: Readonly<Record<string, number>>;
  @ApiProperty({ type: FigureView }) kept!: FigureView;
  @ApiProperty({ type: FigureView, nullable: true, description: 'The figure that it stands in place of.' })
  insteadOf!: FigureView | null;
  @ApiProperty() reason!: string;
  @ApiProperty() signedBy!: string;
  @ApiProperty() signedFor!: string;
  @ApiProperty() signedAt!: Date;
}

export const overrideViewOf = (override: Override | null): OverrideView | null =>
  override && {
    membershipVersions: override.versions,
    kept: { figureRevision: override.kept.revision, pence: override.kept.pence },
    insteadOf: override.instead && {
      figureRevision: override.instead.revision,
      pence: override.instead.pence,
    },
    reason: override.reason,
    signedBy: override.signedBy,
    signedFor: override.signedFor,
    signedAt: override.signedAt,
  };
