import fc from 'fast-check';
import { MoveDeclaration } from '../../../src/application/core/move-declaration.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';

const LAPSES = [
  'AWAITING_PROVIDER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'REJECTED_BY_AGENCY',
];

/** The commissioner ends it. */
export const lapse = command({
  name: 'lapse',
  aboutOne: true,
  args: fc.record({ sure: fc.constantFrom(true, false, false, false) }),
  async run(model, real, { sure }) {
    const d = model.subject!;
    const stored = real.of(model.subject!);
    // Rare, because nothing comes after it.
    const expected = !sure ? 'STALE_VERSION' : LAPSES.includes(d.status) ? null : 'ILLEGAL_TRANSITION';
    const met = expected === null ? [`${d.kind} withdrawn`] : [];
    if (expected === null) model.withdraw(d);
    const seen = Number(stored.revision) - (sure ? 0 : 1);
    const useCase = real.system.get(MoveDeclaration);
    return {
      expected,
      met,
      given: await refusalOf(() => useCase.lapse('approver', stored.declaration_id, seen, 'Withdrawn.')),
    };
  },
});
