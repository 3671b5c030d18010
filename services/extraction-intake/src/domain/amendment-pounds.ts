import { calculate, InputsMissingError } from '@attest/calculation';
import type { RulePack } from '@attest/contracts';
import type { PageCounts } from './amend-page.js';
import type { AmendmentPounds } from './amendment.js';

/** What the codes mean to whoever decides. */
export const POUNDS_WORDS = {
  LIST_SIZE_NEEDED:
    'What is paid comes from the list of registered patients, not from these values, so no amount is shown.',
  NETWORK_FIGURE:
    'What is paid is worked out for the whole PCN from all of its practices, so one practice has no amount of its own. The figure of the PCN shows it once the amendment is accepted.',
  VALUE_MISSING:
    'The page lacks values that the calculation needs, so it had no amount before the amendment.',
} as const;

/**
 * Old and new figure side by side, by the one calculation that pays. A figure that needs more than this page is not
 * guessed: the code says what it needs.
 */
export function amendmentPounds(
  pack: RulePack,
  providerKind: 'practice' | 'pcn',
  before: PageCounts,
  after: PageCounts,
): AmendmentPounds {
  if (providerKind === 'pcn') return { ...NO_AMOUNT, code: 'NETWORK_FIGURE' };
  if (pack.calculation.kind === 'capitation') return { ...NO_AMOUNT, code: 'LIST_SIZE_NEEDED' };
  const [old, next] = [figureOf(pack, before), figureOf(pack, after)];
  return {
    oldPence: old?.pence ?? null,
    newPence: next?.pence ?? null,
    oldPoints: old?.points ?? null,
    newPoints: next?.points ?? null,
    code: old === null || next === null ? 'VALUE_MISSING' : null,
  };
}

const NO_AMOUNT = { oldPence: null, newPence: null, oldPoints: null, newPoints: null } as const;

function figureOf(pack: RulePack, values: PageCounts) {
  try {
    return calculate(pack, { values: values.map((value) => (value === null ? null : BigInt(value))) });
  } catch (error) {
    if (error instanceof InputsMissingError) return null;
    throw error;
  }
}
