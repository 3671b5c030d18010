import fc from 'fast-check';
import { MoveDeclaration } from '../../../src/application/core/move-declaration.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';

/** The provider takes it back, which nothing that stops payment prevents. */
export const undeclare = command({
  name: 'undeclare',
  aboutOne: true,
  args: fc.record({ stale: fc.constantFrom(false, false, true) }),
  async run(model, real, { stale }) {
    const d = model.subject!;
    const stored = real.of(model.subject!);
    const expected = stale
      ? 'STALE_VERSION'
      : d.status === 'AWAITING_COMMISSIONER_APPROVAL'
        ? null
        : 'ILLEGAL_TRANSITION';
    if (expected === null) {
      d.status = 'AWAITING_PROVIDER_APPROVAL';
      d.unsign();
      d.wasSentBack = true;
    }
    const seen = Number(stored.revision) - (stale ? 1 : 0);
    const useCase = real.system.get(MoveDeclaration);
    return {
      expected,
      given: await refusalOf(() => useCase.undeclare('declarer', stored.declaration_id, seen, null)),
    };
  },
});
