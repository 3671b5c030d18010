import { uuidV7 } from '@attest/contracts';
import fc from 'fast-check';
import { PlaceHold } from '../../../src/application/holds/place-hold.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';

/** A commissioner stops it, wherever money may still be stopped. */
export const holdByHand = command({
  name: 'hold-by-hand',
  aboutOne: true,
  args: fc.record({}),
  async run(model, real) {
    const d = model.subject!;
    const hold = { code: 'BY_HAND', version: null } as const;
    let expected: string | null = null;
    if (d.isOpen) d.holds.push(hold);
    else if (d.status === 'RELEASING' || d.status === 'REJECTED_BY_AGENCY') d.pending.push(hold);
    else expected = 'HOLD_TOO_LATE';
    const useCase = real.system.get(PlaceHold);
    const id = real.of(model.subject!).declaration_id;
    return {
      expected,
      given: await refusalOf(() => useCase.byHand('approver', id, uuidV7(), 'It looks wrong.', null)),
    };
  },
});
