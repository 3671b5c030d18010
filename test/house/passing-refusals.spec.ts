import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AttestError } from '@attest/errors';
import { describe, expect, it } from '@jest/globals';

const FILES = ['libs', 'services'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/src\/.*\.errors\.ts$/.test(path) && !/node_modules/.test(path))
    .map((path) => join(room, path)),
);

/** Where the codes of a room's errors stand: its error classes and the tables that these read. */
function codesBeside(file: string): string[] {
  const folder = join(file, '..');
  const text = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  return [...new Set(text.match(/\b[A-Z][A-Z]*(?:_[A-Z]+)+\b/g))].sort();
}

/** Every refusal that passes by itself: a class, or a class with those of its codes that do. */
async function passing(file: string): Promise<string[]> {
  const module = (await import(join(process.cwd(), file))) as Record<string, unknown>;
  const where = file.split('/')[1]!;
  return Object.entries(module).flatMap(([name, Class]) => {
    if (typeof Class !== 'function' || !(Class.prototype instanceof AttestError)) return [];
    const passes = (facts: object): boolean =>
      Object.assign(Object.create(Class.prototype as object) as AttestError, facts).passesByItself;
    const codes = codesBeside(file).filter((code) => {
      try {
        return passes({ code, first: code });
      } catch {
        // Not a code of this class's table.
        return false;
      }
    });
    const all = codes.length === codesBeside(file).length && codes.length > 0;
    return all ? [`${where} ${name}`] : codes.map((code) => `${where} ${name} ${code}`);
  });
}

/** Codes that are answered with 409 or 429, of all error classes and tables. */
const CONFLICTS =
  /'([A-Z]+(?:_[A-Z]+)+)',\s*4(?:09|29)\b|\b([A-Z]+(?:_[A-Z]+)+): (?:\{\s*status: )?4(?:09|29)\b/g;
const conflicts = (): string[] =>
  [
    ...FILES,
    'services/declaration-workflow/src/domain/core/refusals.ts',
    'services/declaration-workflow/src/domain/periods/freeze.ts',
  ]
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(CONFLICTS)].map(([, a, b]) => (a ?? b)!))
    .sort();

/** Somebody has to decide or correct something first, and then looks anew: that is a new intention with a new key. */
const STANDING = [
  'ALREADY_A_MEMBER',
  'ALREADY_FROZEN',
  'ALREADY_RELEASING',
  'ALREADY_THAWED',
  'AMENDMENT_ALREADY_DECIDED',
  'AMENDMENT_ALREADY_OPEN',
  'ATTEMPT_SUPERSEDED',
  'BARRIER_NOT_PASSED',
  'BULK_PREVIEW_OTHER_STAGE',
  'CALENDAR_ENTRY_DROPPED',
  'CORRECTION_EXISTS',
  'CORRECTION_SUPERSEDED',
  'CUT_OFF_PASSED',
  'DEAD_LETTER_BEFORE_IT',
  'DECLARATION_STATE_NEEDED',
  'EARLIER_FIGURE_MISSING',
  'EVENT_DISCARDED',
  'FIGURES_NEEDED',
  'FILE_EFFECT_CHANGED',
  'FILE_NOT_TAKEN',
  'FILE_STEP_REFUSED',
  'HOLD_NOT_JOINED',
  'HOLD_TOO_LATE',
  'ILLEGAL_RUN_STEP',
  'ILLEGAL_TRANSITION',
  'IN_ANOTHER_PCN',
  'ITEM_REPEATED',
  'KEEP_COVERS_MORE',
  'KEEP_NOT_FOR_ADJUSTMENTS',
  'LATE_FOR_THIS_CUT_OFF',
  'NOTHING_TO_KEEP',
  'NOTHING_TO_REPUBLISH',
  'NOT_APPROVED',
  'NOT_A_MEMBER',
  'NOT_IN_LATE_QUEUE',
  'ONLY_ADJUSTMENTS_SETTLE_OUTSIDE',
  'ON_HOLD',
  'ORGANISATION_CLOSED',
  'PAGE_CHANGED_SINCE',
  'PARTICIPATIONS_OUTSIDE',
  'PAYEE_CHANGE_DECIDED',
  'PAYEE_CHANGE_WAITS',
  'PAYEE_CLOSED',
  'PAYEE_UNCHANGED',
  'PAYMENT_FACT_DOES_NOT_FIT',
  'PAYMENT_FACT_NEEDED',
  'PAYMENT_OUT_OF_ORDER',
  'PROVIDER_KIND_FIXED',
  'QUARANTINE_STEP_NOT_ALLOWED',
  'REVERT_ASKED_ALREADY',
  'REWIND_OUTSIDE_LOG',
  'RULE_PACK_CHANGED_SINCE',
  'RULE_PACK_FIELDS_MOVED',
  'RULE_PACK_VERSION_STALE',
  'SAME_PERSON',
  'SETTLEMENT_EXISTS',
  'SETTLEMENT_SUPERSEDED',
  'SIGNATURE_OUT_OF_ORDER',
  'TIER_NOT_DUE',
  'TOO_MANY_CONTACTS',
  'WRONG_STAGE',
];

describe('a refusal that passes by itself', () => {
  it('is one of these, and is not kept under its Idempotency-Key', async () => {
    const all = (await Promise.all(FILES.map(passing))).flat().sort();
    expect(all).toEqual([
      'aggregation PeriodUnknownError',
      'auth IssuerUnreachableError',
      'commissioner-approval SignatureRefusedError AWAITING_AGGREGATION',
      'commissioner-approval SignatureRefusedError SIGNATURE_PENDING',
      'commissioner-approval SignatureRefusedError UNKNOWN_DECLARATION',
      'commissioner-approval SignatureRefusedError UPSTREAM_EVENT_PARKED',
      'declaration-workflow AllOrNothingRefusedError ACHIEVEMENT_AWAITING_AGGREGATION',
      'declaration-workflow AllOrNothingRefusedError HOLD_AWAITS_REAGGREGATION',
      'declaration-workflow AllOrNothingRefusedError NOT_IN_CALENDAR',
      'declaration-workflow AllOrNothingRefusedError NOT_YET_OPEN',
      'declaration-workflow AllOrNothingRefusedError PERIOD_FROZEN',
      'declaration-workflow AllOrNothingRefusedError UPSTREAM_EVENT_PARKED',
      'declaration-workflow DeclarationRefusedError ACHIEVEMENT_AWAITING_AGGREGATION',
      'declaration-workflow DeclarationRefusedError HOLD_AWAITS_REAGGREGATION',
      'declaration-workflow DeclarationRefusedError NOT_IN_CALENDAR',
      'declaration-workflow DeclarationRefusedError NOT_YET_OPEN',
      'declaration-workflow DeclarationRefusedError PERIOD_FROZEN',
      'declaration-workflow DeclarationRefusedError UPSTREAM_EVENT_PARKED',
      'declaration-workflow FreezeRefusedError REVERT_UNDER_WAY',
      'extraction-intake AmendmentRefusedError RULE_PACK_NOT_HELD',
      'extraction-intake AmendmentRefusedError UPSTREAM_EVENT_PARKED',
      'extraction-intake FileBeingReadError',
      'extraction-intake ServiceParkedError',
      'http IdempotencyKeyInUseError',
      'http TooManyOfYourStreamsError',
      'http UploadBrokenOffError',
      'payment-export AcknowledgementFileRefusedError RUN_NOT_ENDED',
      'payment-export FileStoreAheadError',
      'payment-export RepairTooEarlyError',
      'payment-export RunUnderWayError',
      'persistence DatabaseAwayError',
      'persistence DatabaseBusyError',
      'persistence StatementTooLongError',
    ]);
  });

  it('was told apart from those that stand, wherever something cannot be done now', () => {
    const stated = readFileSync(join('test', 'house', 'passing-refusals.spec.ts'), 'utf8');
    const passes = new Set([
      'FILE_BEING_READ',
      'FILE_STORE_AHEAD',
      'IDEMPOTENCY_KEY_IN_USE',
      'RUN_UNDER_WAY',
      'TOO_MANY_OF_YOUR_STREAMS',
      'BULK_REFUSED',
      ...[...stated.matchAll(/Error ([A-Z_]+)'/g)].map(([, code]) => code!),
    ]);
    expect([...new Set(conflicts())].filter((code) => !passes.has(code))).toEqual(STANDING);
  });
});
