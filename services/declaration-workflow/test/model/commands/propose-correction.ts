import fc from 'fast-check';
import { CorrectDeclaration } from '../../../src/application/signing/correct-declaration.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';
import { UNKNOWN } from './correct.js';

/** The first of two people says that payee or account were put right, or one of them takes that back. */
export const proposeCorrection = command({
  name: 'propose-correction',
  aboutOne: true,
  weight: 2,
  args: fc.record({ withdraw: fc.constantFrom(false, false, false, true) }),
  async run(model, real, { withdraw }) {
    const d = model.subject!;
    const useCase = real.system.get(CorrectDeclaration);
    const id = real.of(model.subject!).declaration_id;
    if (withdraw) {
      const expected =
        d.proposal === null
          ? 'CORRECTION_UNKNOWN'
          : d.proposal === d.attempt
            ? null
            : 'CORRECTION_SUPERSEDED';
      const correctionId = real.corrections.get(d) ?? UNKNOWN;
      const given = await refusalOf(() => useCase.withdraw('second', id, correctionId, 'Another account.'));
      if (expected === null) d.proposal = null;
      return { expected, given };
    }
    const expected =
      d.status !== 'REJECTED_BY_AGENCY'
        ? 'ILLEGAL_TRANSITION'
        : d.proposal === d.attempt
          ? 'CORRECTION_EXISTS'
          : null;
    const given = await refusalOf(async () => {
      const seen = Number(real.of(model.subject!).revision);
      const { proposal } = await useCase.propose('approver', id, seen, 'account', 'A new account.');
      real.corrections.set(d, proposal.correctionId);
    });
    if (expected === null) d.proposal = d.attempt;
    return { expected, given };
  },
});
