import fc from 'fast-check';
import { DeclareAchievements } from '../../../src/application/signing/declare-achievements.js';
import { command } from '../command.js';

/** The provider declares, or somebody of its commissioner on its behalf. */
export const declare = command({
  name: 'declare',
  aboutOne: true,
  weight: 4,
  args: fc.record({
    by: fc.constantFrom('declarer', 'declarer', 'helper', 'approver'),
    stale: fc.constantFrom(false, false, false, true),
    reasoned: fc.constantFrom(true, true, false),
    saysWhyLate: fc.boolean(),
    together: fc.boolean(),
  }),
  async run(model, real, { by, stale, reasoned, saysWhyLate, together }) {
    const d = model.subject!;
    const stored = real.of(model.subject!);
    const { service } = model;
    // An adjustment has no calendar entry of its own: it is declared at any time, and never late.
    const isAdjustment = d.kind === 'adjustment';
    const isLate = !isAdjustment && service.isLate;
    const expected =
      by === 'approver'
        ? 'NOT_YOUR_ORGANISATION'
        : stale
          ? 'STALE_VERSION'
          : d.status !== 'AWAITING_PROVIDER_APPROVAL'
            ? 'ILLEGAL_TRANSITION'
            : (model.obstacle(d) ??
              (!isAdjustment && !service.isOpened
                ? 'NOT_YET_OPEN'
                : isLate && !saysWhyLate
                  ? 'LATE_REASON_MISSING'
                  : by === 'helper' && !reasoned
                    ? 'ON_BEHALF_REASON_MISSING'
                    : null));
    if (expected === null) {
      d.status = 'AWAITING_COMMISSIONER_APPROVAL';
      if (d.declaredVersion === d.version) d.version++;
      d.declaredVersion = d.version;
      d.unsign();
      d.declaredBy = by;
      d.late = isLate ? service.laterPeriod : null;
      if (isAdjustment) d.period = service.nextPaidPeriod;
    }
    const request = {
      personId: by,
      lateReason: saysWhyLate ? 'A practice was flooded.' : null,
      onBehalfReason: reasoned ? 'They asked us to.' : null,
    };
    const items = [
      { declarationId: stored.declaration_id, revision: Number(stored.revision) - (stale ? 1 : 0) },
    ];
    const useCase = real.system.get(DeclareAchievements);
    const given = await (together ? useCase.together(request, items) : useCase.each(request, items)).then(
      ([result]) => (result!.code === 'DECLARED' ? null : result!.code),
      (error: { facts?: { firstCode?: string } }) => error.facts?.firstCode ?? Promise.reject(error),
    );
    return { expected, given, met: expected === null && d.late !== null ? ['declared late'] : [] };
  },
});
