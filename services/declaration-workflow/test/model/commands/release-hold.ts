import fc from 'fast-check';
import { ReleaseHolds } from '../../../src/application/holds/release-holds.js';
import { command } from '../command.js';
import { refusalOf } from '../real-achievement.js';

/** A commissioner confirms the figures; holds are released one by one. */
export const releaseHold = command({
  name: 'release-hold',
  aboutOne: true,
  weight: 3,
  args: fc.record({
    which: fc.nat(3),
    confirmed: fc.constantFrom(true, true, true, false),
    stale: fc.constantFrom(false, false, false, true),
  }),
  async run(model, real, { which, confirmed, stale }) {
    const d = model.subject!;
    const stored = [...real.of(model.subject!).holds, ...real.of(model.subject!).pending_holds];
    const all = [...d.holds, ...d.pending];
    const at = all.length === 0 ? -1 : which % all.length;
    const hold = all[at];
    const awaits =
      hold &&
      hold.version !== null &&
      hold.code !== 'PCN_PRACTICE_JOINED' &&
      d.latest.membership < hold.version;
    const expected = stale
      ? 'STALE_VERSION'
      : !hold
        ? 'HOLD_UNKNOWN'
        : !confirmed
          ? 'HOLD_CONFIRMATION_MISSING'
          : awaits
            ? 'HOLD_AWAITS_REAGGREGATION'
            : null;
    const revision = Number(real.of(model.subject!).revision) - (stale ? 1 : 0);
    if (expected === null) {
      d.holds = d.holds.filter((one) => one !== hold);
      d.pending = d.pending.filter((one) => one !== hold);
    }
    const holdId = stored[at]?.holdId ?? '01990000-0000-7000-8000-0000000000ff';
    const useCase = real.system.get(ReleaseHolds);
    const given = await refusalOf(() =>
      useCase.one(
        { personId: 'approver', confirmed, reason: null },
        { declarationId: real.of(model.subject!).declaration_id, holdId, revision },
      ),
    );
    return { expected, given };
  },
});
