import fc from 'fast-check';
import { KeepEarlierFigure } from '../../../src/application/figures/keep-earlier-figure.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';

/** A practice joined, and its commissioner signs that the figure from before counts. */
export const keepEarlierFigure = command({
  name: 'keep-earlier-figure',
  aboutOne: true,
  weight: 2,
  args: fc.record({
    which: fc.nat(3),
    confirmed: fc.constantFrom(true, true, true, true, true, false),
    stale: fc.constantFrom(false, false, false, false, false, true),
  }),
  async run(model, real, { which, confirmed, stale }) {
    const d = model.subject!;
    const stored = real.of(model.subject!);
    // Mostly of one that can be kept; what only waits for the end of a run cannot.
    const joined = d.holds.filter(({ code }) => code === 'PCN_PRACTICE_JOINED');
    const choice = which < 3 && joined.length > 0 ? joined : d.holds;
    const hold = choice.length === 0 ? undefined : choice[which % choice.length];
    const holdId = hold ? stored.holds[d.holds.indexOf(hold)]!.holdId : UNKNOWN_HOLD;
    const expected = stale
      ? 'STALE_VERSION'
      : !hold
        ? 'HOLD_UNKNOWN'
        : hold.code !== 'PCN_PRACTICE_JOINED' || hold.version === null
          ? 'HOLD_NOT_JOINED'
          : d.kind === 'adjustment'
            ? 'KEEP_NOT_FOR_ADJUSTMENTS'
            : !confirmed
              ? 'KEEP_CONFIRMATION_MISSING'
              : model.keepEarlier(d, hold, hold.version);
    const useCase = real.system.get(KeepEarlierFigure);
    const revision = Number(stored.revision) - (stale ? 1 : 0);
    return {
      expected,
      given: await refusalOf(() =>
        useCase.keep(
          'approver',
          stored.declaration_id,
          revision,
          holdId,
          confirmed,
          'It joined on the last day.',
        ),
      ),
    };
  },
});

const UNKNOWN_HOLD = '01990000-0000-7000-8000-0000000000ff';
