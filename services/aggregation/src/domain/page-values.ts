import { inPageOrder } from '@attest/calculation';
import type { PageFact } from './facts.js';
import type { KnownService } from './service.js';

type Values = readonly (bigint | null)[];

/**
 * A page's values in the order of the pack that holds now. Fields that a later pack added were not sent; fields that
 * it dropped are read by nobody.
 */
export function currentValues(service: KnownService, page: PageFact): Values {
  const { rulePack } = service;
  if (page.rulePackVersion === rulePack.version) return page.values;
  const fields = service.fieldsOfVersion.get(page.rulePackVersion);
  // The pack that ordered the page has not arrived, so its values have no names yet.
  if (!fields) return rulePack.fields.map(() => null);
  const named = fields.map((field, place) => ({ ...field, value: page.values[place] ?? null }));
  const known = new Set(rulePack.fields.map((field) => `${field.indicatorCode}|${field.fieldName}`));
  return inPageOrder(
    rulePack,
    named.filter((field) => known.has(`${field.indicatorCode}|${field.fieldName}`)),
  );
}

/** Members' values added up field by field; a field that one of them did not send has no sum. */
export function addedUp(pages: readonly Values[], fields: number): Values {
  return Array.from({ length: fields }, (_, place) => {
    let sum: bigint | null = 0n;
    for (const page of pages) {
      const value = page[place] ?? null;
      sum = sum === null || value === null ? null : sum + value;
    }
    return sum;
  });
}
