import fc from 'fast-check';
import { CorrectDeclaration } from '../../../src/application/correct-declaration.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';

/** Two people of the commissioner put payee or account right; the next attempt may go. */
export const correct = command({
  name: 'correct',
  weight: 2,
  args: fc.record({ by: fc.constantFrom('second', 'second', 'approver') }),
  async run(model, real, { by }) {
    const d = model.main!;
    const useCase = real.system.get(CorrectDeclaration);
    const id = real.main!.declaration_id;
    const expected = d.status === 'REJECTED_BY_AGENCY' ? null : 'ILLEGAL_TRANSITION';
    const proposed = await refusalOf(async () => {
      real.correction = await useCase.propose('approver', id, 'account', 'A new account.');
    });
    // A proposal of this attempt stands until its second person confirms it.
    const known =
      expected === null && proposed === 'CORRECTION_EXISTS' && real.correction?.attempt === d.attempt;
    if (proposed !== null && !known) return { expected, given: proposed };
    const given = await refusalOf(() => useCase.confirm(by, id, real.correction!.correctionId));
    // It leads towards payment again: a freeze or an input that could not be read stops it.
    const barred = model.parked.size > 0 ? 'UPSTREAM_EVENT_PARKED' : model.frozen ? 'PERIOD_FROZEN' : null;
    if (expected === null && barred !== null) return { expected: barred, given };
    if (by === 'approver') return { expected: expected ?? 'SAME_PERSON', given };
    d.status = 'FINANCIALLY_APPROVED';
    d.attempt++;
    d.run = null;
    model.resume();
    return { expected, given };
  },
});
