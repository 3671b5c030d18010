import { QualityService } from '@attest/contracts';
import { RequestFaultsError } from '@attest/errors';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { PlacedFault } from './placed-fault.js';

type Schema = { [name: string]: unknown };

/** The contract's schema as a strict form: what it does not know is refused, and a kind decides what belongs to it. */
export const SERVICE_SCHEMA = strict(JSON.parse(JSON.stringify(QualityService)) as Schema);

const ajv = new Ajv({ allErrors: true, strict: false, discriminator: true });
/** Compiled on its first use, which no start waits for. */
let compiled: ValidateFunction | undefined;

/**
 * The document as a quality service.
 * @throws RequestFaultsError with every fault by its place
 */
export function parseService(document: unknown): QualityService {
  const validate = (compiled ??= ajv.compile(SERVICE_SCHEMA));
  if (validate(document)) return document as QualityService;
  throw new RequestFaultsError(faultsOf(validate.errors ?? []));
}

/** One fault a place: the others there are alternatives that did not fit either. */
function faultsOf(errors: readonly ErrorObject[]): PlacedFault[] {
  const faults = new Map<string, string>();
  for (const error of errors) {
    const at = error.instancePath || '/';
    if (!faults.has(at)) faults.set(at, wordsOf(error));
  }
  return [...faults].map(([at, detail]) => ({ at, detail }));
}

function wordsOf({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'additionalProperties')
    return `has ${String((params as { additionalProperty: string }).additionalProperty)}, which is not known here`;
  if (keyword === 'pattern') return 'has not the form that belongs here';
  return message ?? 'does not fit';
}

function strict(node: Schema): Schema {
  const made = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, strictly(value)]),
  ) as Schema;
  if (made['type'] === 'object' && made['additionalProperties'] === undefined)
    made['additionalProperties'] = false;
  const alternatives = made['anyOf'];
  if (!Array.isArray(alternatives) || !alternatives.every(hasKind)) return made;
  const { anyOf: _, ...rest } = made;
  return {
    ...rest,
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: alternatives,
  };
}

function strictly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strictly);
  return typeof value === 'object' && value !== null ? strict(value as Schema) : value;
}

function hasKind(schema: unknown): boolean {
  return (schema as { properties?: { kind?: { const?: unknown } } }).properties?.kind?.const !== undefined;
}
