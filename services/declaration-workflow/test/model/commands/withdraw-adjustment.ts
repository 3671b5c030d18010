import fc from 'fast-check';
import { MoveDeclaration } from '../../../src/application/core/move-declaration.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';

/** The commissioner decides that a difference is not moved, where there is one. */
export const withdrawAdjustment = command({
  name: 'withdraw-adjustment',
  args: fc.constant({}),
  async run(model, real) {
    if (!model.adjustment) return { expected: null, given: null };
    const { declaration_id: id, revision } = real.declarations.find(
      ({ kind, status }) => kind === 'adjustment' && status !== 'LAPSED',
    )!;
    model.withdrawAdjustment();
    const useCase = real.system.get(MoveDeclaration);
    return {
      expected: null,
      given: await refusalOf(() => useCase.lapse('approver', id, Number(revision), 'Not moved.')),
    };
  },
});
