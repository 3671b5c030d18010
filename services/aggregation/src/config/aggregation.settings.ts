import { IsInt, Max, Min } from 'class-validator';
import { ServiceSettings } from '@attest/hosting';

export class AggregationSettings extends ServiceSettings {
  /** More achievements than this are not made in the transaction that touches them: they are marked and made after it. */
  @IsInt()
  @Min(0)
  @Max(100_000)
  INLINE_ACHIEVEMENTS_MOST: number = 5_000;
}
