import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** Beyond every version, revision and count that there is; the smallest column that keeps one takes it. */
export const WHOLE_NUMBER_MOST = 2_147_483_647;

/** Digits of a version or revision that fit a column, and a number of JavaScript exactly. */
export const VERSION_DIGITS = /^\d{1,15}$/;

/** Pence as digits, far beyond what anybody is paid, and within the column that keeps them. */
export const PENCE_DIGITS = /^-?\d{1,15}$/;

/**
 * A whole number in a body. Every number that a caller may send has both bounds: without the upper one the database
 * refuses it, which nobody can tell from a fault of ours.
 */
export const WholeNumber = ({ least = 1, most = WHOLE_NUMBER_MOST } = {}): PropertyDecorator =>
  applyDecorators(IsInt(), Min(least), Max(most)) as PropertyDecorator;

/** The same in a query, where every number comes as text. */
export const WholeNumberInQuery = (bounds: { least?: number; most?: number } = {}): PropertyDecorator =>
  applyDecorators(
    Type(() => Number),
    WholeNumber(bounds),
  ) as PropertyDecorator;
