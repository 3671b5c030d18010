import type { Figures, Override } from '../../domain/core/declaration.js';

/** Figures as jsonb holds them: pence as digits, because JSON has no bigint. */
export type StoredFigures = Omit<Figures, 'pence'> & { readonly pence: string };

export const figuresOf = (stored: StoredFigures | null): Figures | null =>
  stored && { ...stored, pence: BigInt(stored.pence) };

export const storedFigures = (figures: Figures | null): string | null => figures && digits(figures);

/** An override as jsonb holds it: pence as digits, because JSON has no bigint. */
export interface StoredOverride extends Omit<Override, 'kept' | 'instead' | 'signedAt'> {
  readonly kept: StoredFigures;
  readonly instead: (Omit<NonNullable<Override['instead']>, 'pence'> & { readonly pence: string }) | null;
  readonly signedAt: string;
}

export const overrideOf = (stored: StoredOverride | null): Override | null =>
  stored && {
    ...stored,
    kept: { ...stored.kept, pence: BigInt(stored.kept.pence) },
    instead: stored.instead && { ...stored.instead, pence: BigInt(stored.instead.pence) },
    signedAt: new Date(stored.signedAt),
  };

export const storedOverride = (override: Override | null): string | null => override && digits(override);

const digits = (value: object): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one));
