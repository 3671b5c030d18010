import type { Override } from '../domain/declaration.js';

/** An override as jsonb holds it: pence as digits, because JSON has no bigint. */
export interface StoredOverride extends Omit<Override, 'kept' | 'instead' | 'signedAt'> {
  readonly kept: Omit<Override['kept'], 'pence'> & { readonly pence: string };
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

export const storedOverride = (override: Override | null): string | null =>
  override &&
  JSON.stringify(override, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
