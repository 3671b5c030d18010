import fc from 'fast-check';
import { FreezePeriod } from '../../../src/application/periods/freeze-period.js';
import { RevertApprovals } from '../../../src/application/periods/revert-approvals.js';
import { command } from '../command.js';
import type { Status } from '../model-declaration.js';

const SIGNED: readonly Status[] = [
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
  'SETTLED_NIL',
];

/** While the period is frozen its signatures are taken back, once. What a run has is left to the end of that run. */
export const revert = command({
  name: 'revert',
  weight: 2,
  args: fc.record({}),
  async run(model, real) {
    const isWithRun = model.declarations.some(({ status }) => status === 'RELEASING');
    if (!model.frozen || model.reverted || isWithRun) return { expected: null, given: null };
    model.reverted = true;
    const met: string[] = [];
    for (const d of model.declarations.filter(({ status }) => SIGNED.includes(status))) {
      met.push(`${d.kind} reverted`);
      d.status = 'AWAITING_PROVIDER_APPROVAL';
      d.unsign();
      d.holds.push(...d.pending.splice(0));
    }
    const reason = 'The register is read again.';
    await real.system.get(FreezePeriod).revertApprovals({ personId: 'approver' }, real.freezeId!, reason);
    await real.system.get(RevertApprovals).run();
    return { expected: null, given: null, met };
  },
});
