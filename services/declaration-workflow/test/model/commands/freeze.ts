import type { LondonDate } from '@attest/calendar';
import fc from 'fast-check';
import { FreezePeriod } from '../../../src/application/periods/freeze-period.js';
import { DATE } from '../../neighbours.js';
import { command } from '../command.js';
import type { RealAchievement } from '../real-achievement.js';

/** The commissioner stops its service and period, or lets it go on. */
export const freeze = command({
  name: 'freeze-or-thaw',
  args: fc.record({}),
  async run(model, real) {
    if (model.frozen) await thaw(real);
    else {
      const { freezeId } = await real.system.get(FreezePeriod).freeze(
        { personId: 'approver' },
        {
          serviceCode: real.serviceCode,
          achievementDate: DATE as LondonDate,
          commissionerCode: 'XQA',
          reason: 'A register was wrong.',
        },
      );
      real.freezeId = freezeId;
    }
    model.frozen = !model.frozen;
    model.reverted = false;
    return { expected: null, given: null };
  },
});

export async function thaw(real: RealAchievement): Promise<void> {
  if (real.freezeId === null) return;
  await real.system
    .get(FreezePeriod)
    .thaw({ personId: 'approver' }, real.freezeId, { providerDeadlineOn: null, cutOffAt: null });
  real.freezeId = null;
}
