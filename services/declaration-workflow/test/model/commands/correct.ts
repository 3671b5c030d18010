import fc from 'fast-check';
import { CorrectDeclaration } from '../../../src/application/signing/correct-declaration.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';

export const UNKNOWN = '01990000-0000-7000-8000-0000000000ee';

/** The second person confirms that payee or account were put right; the next attempt may go. */
export const correct = command({
  name: 'correct',
  aboutOne: true,
  weight: 2,
  args: fc.record({ by: fc.constantFrom('second', 'second', 'approver') }),
  async run(model, real, { by }) {
    const d = model.subject!;
    const useCase = real.system.get(CorrectDeclaration);
    const correctionId = real.corrections.get(d) ?? UNKNOWN;
    const { declaration_id: id, revision } = real.of(model.subject!);
    const given = await refusalOf(() => useCase.confirm(by, id, Number(revision), correctionId));
    // It leads towards payment again: a freeze or an input that could not be read stops it.
    const barred = model.parked.size > 0 ? 'UPSTREAM_EVENT_PARKED' : model.frozen ? 'PERIOD_FROZEN' : null;
    if (barred !== null) return { expected: barred, given };
    if (d.proposal === null) return { expected: 'CORRECTION_UNKNOWN', given };
    if (d.proposal !== d.attempt) return { expected: 'CORRECTION_SUPERSEDED', given };
    if (d.status !== 'REJECTED_BY_AGENCY') return { expected: 'ILLEGAL_TRANSITION', given };
    if (by === 'approver') return { expected: 'SAME_PERSON', given };
    d.status = 'FINANCIALLY_APPROVED';
    d.attempt++;
    d.run = null;
    model.resume(d, 'correction');
    return { expected: null, given };
  },
});
