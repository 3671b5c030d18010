import { ApiProperty } from '@attest/http';
import type { ShownHold } from '../../application/holds/look-at-holds.js';
import type { Declaration } from '../../domain/core/declaration.js';
import type { HoldFigures } from '../../domain/holds/hold-figures.js';
import { DeclarationView, viewOf } from '../looking/declaration.view.js';
import { FigureView } from '../figures/override.view.js';

export class HoldView {
  @ApiProperty({ format: 'uuid' }) holdId!: string;
  @ApiProperty({ example: 'PCN_PRACTICE_JOINED' }) code!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Null: the system placed it.' })
  placedBy!: string | null;
  @ApiProperty({ type: String, nullable: true }) reason!: string | null;
  @ApiProperty({ type: String, nullable: true }) causeEventId!: string | null;
  @ApiProperty({ type: String, nullable: true }) pcnCode!: string | null;
  @ApiProperty({ type: [String] }) practiceCodes!: readonly string[];
  @ApiProperty({ type: String, nullable: true }) changedFrom!: string | null;
  @ApiProperty({ type: String, nullable: true }) changedTo!: string | null;
  @ApiProperty() since!: string;
  @ApiProperty({ type: String, nullable: true }) expiresOn!: string | null;
  @ApiProperty({ type: String, nullable: true }) escalatedAt!: string | null;
  @ApiProperty() releasedBy!: string;
  @ApiProperty({ description: 'What must happen first, and what then.' }) unblockedBy!: string;
  @ApiProperty({ description: 'It can be released now.' }) releasable!: boolean;
  @ApiProperty({ description: 'Takes effect if the run that is sending it ends without it.' })
  pending!: boolean;
  @ApiProperty({ type: FigureView, nullable: true, description: 'From before its cause.' })
  earlier!: FigureView | null;
  @ApiProperty({
    type: FigureView,
    nullable: true,
    description: 'Made with its cause; null until it arrives.',
  })
  latest!: FigureView | null;
}

export class HoldsView {
  @ApiProperty({ type: [HoldView] }) items!: HoldView[];
}

export class ReleasedHoldView extends DeclarationView {
  @ApiProperty({ type: FigureView, nullable: true }) earlier!: FigureView | null;
  @ApiProperty({ type: FigureView, nullable: true }) latest!: FigureView | null;
}

export class BulkReleaseResultView {
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ format: 'uuid' }) holdId!: string;
  @ApiProperty({ description: 'The status that this item alone would have been answered with.' })
  status!: number;
  @ApiProperty({ example: 'RELEASED' }) code!: string;
  @ApiProperty() words!: string;
  @ApiProperty({ type: Number, nullable: true }) revision!: number | null;
}

export class BulkReleaseView {
  @ApiProperty() released!: number;
  @ApiProperty() refused!: number;
  @ApiProperty({ type: [BulkReleaseResultView] }) items!: BulkReleaseResultView[];
}

export function holdViewOf(shown: ShownHold): HoldView {
  const { hold, pending, awaitsFigures, unblockedBy, earlier, latest } = shown;
  return {
    holdId: hold.holdId,
    code: hold.code,
    placedBy: hold.placedBy ?? null,
    reason: hold.reason ?? null,
    causeEventId: hold.causeEventId,
    pcnCode: hold.pcnCode,
    practiceCodes: hold.practiceCodes,
    changedFrom: hold.changedFrom,
    changedTo: hold.changedTo,
    since: hold.since,
    expiresOn: hold.expiresOn ?? null,
    escalatedAt: hold.escalatedAt ?? null,
    releasedBy: hold.releasedBy,
    unblockedBy,
    releasable: !awaitsFigures,
    pending,
    earlier,
    latest,
  };
}

export const releasedViewOf = (d: Declaration, { earlier, latest }: HoldFigures): ReleasedHoldView => ({
  ...viewOf(d, null),
  earlier,
  latest,
});
