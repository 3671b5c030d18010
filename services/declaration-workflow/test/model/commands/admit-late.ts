import fc from 'fast-check';
import { AdmitLate } from '../../../src/application/periods/admit-late.js';
import { command } from '../command.js';
import type { Status } from '../model-declaration.js';

export const QUEUE: readonly Status[] = [
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
];

/** The commissioner takes it out of the late queue, back to the run of its own payment period. */
export const admitLate = command({
  name: 'admit-late',
  aboutOne: true,
  weight: 2,
  args: fc.record({
    by: fc.constantFrom('approver', 'approver', 'approver', 'declarer'),
    stale: fc.constantFrom(false, false, false, true),
    together: fc.boolean(),
  }),
  async run(model, real, { by, stale, together }) {
    const d = model.subject!;
    const expected =
      by === 'declarer'
        ? 'NOT_YOUR_ORGANISATION'
        : stale
          ? 'STALE_VERSION'
          : d.late === null || !QUEUE.includes(d.status)
            ? 'NOT_IN_LATE_QUEUE'
            : model.service.isCutOff
              ? 'CUT_OFF_PASSED'
              : null;
    if (expected === null) d.late = null;
    const met = expected === null ? ['admitted'] : [];
    const { declaration_id: declarationId, revision } = real.of(model.subject!);
    const item = { declarationId, revision: Number(revision) - (stale ? 1 : 0) };
    const useCase = real.system.get(AdmitLate);
    const result = together
      ? (await useCase.each(by, 'Its practice was flooded.', [item]))[0]!
      : await useCase.one(by, 'Its practice was flooded.', item);
    return { expected, given: result.code === 'ADMITTED' ? null : result.code, met };
  },
});
