import { inPageOrder } from '@attest/calculation';
import type { RulePack } from '@attest/contracts';
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

/**
 * Members' values added up field by field. A field that one of them did not send has no sum, since a percentage of
 * different practices is nobody's; but an item that need not be there is paid for itself, so what one did not send
 * takes nothing from the others.
 */
export function addedUp(pages: readonly Values[], { fields, calculation }: RulePack): Values {
  return fields.map(({ required }, place) => {
    const sent = pages.flatMap((page) => page[place] ?? []);
    const mayLack = !required && calculation.kind === 'item-of-service';
    if (sent.length === 0 || (sent.length < pages.length && !mayLack)) return null;
    return sent.reduce((sum, value) => sum + value, 0n);
  });
}
