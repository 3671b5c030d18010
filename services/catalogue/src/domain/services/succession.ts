import type { QualityService } from '@attest/contracts';
import {
  ProviderKindFixedError,
  RulePackFieldsMovedError,
  RulePackVersionStaleError,
} from '../catalogue.errors.js';

/** Two documents that say the same, whatever the order of their properties. */
export const sameDocument = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * Whether a service may follow what was published under its code.
 * @throws ProviderKindFixedError, RulePackVersionStaleError, RulePackFieldsMovedError
 */
export function refuseUnfitSuccessor(published: QualityService, next: QualityService): void {
  const { serviceCode } = next;
  if (published.providerKind !== next.providerKind)
    throw new ProviderKindFixedError(serviceCode, published.providerKind);
  if (sameDocument(published.rulePack, next.rulePack)) return;
  if (next.rulePack.version <= published.rulePack.version)
    throw new RulePackVersionStaleError(serviceCode, next.rulePack.version, published.rulePack.version);
  published.rulePack.fields.forEach(({ indicatorCode, fieldName }, place) => {
    const field = next.rulePack.fields[place];
    if (field?.indicatorCode !== indicatorCode || field.fieldName !== fieldName)
      throw new RulePackFieldsMovedError(serviceCode, place);
  });
}
