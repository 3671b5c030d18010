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
    const d = model.main!;
    if (!model.frozen || model.reverted || d.status === 'RELEASING') return { expected: null, given: null };
    model.reverted = true;
    if (SIGNED.includes(d.status)) {
      d.status = 'AWAITING_PROVIDER_APPROVAL';
      d.unsign();
    }
    const reason = 'The register is read again.';
    await real.system.get(FreezePeriod).revertApprovals({ personId: 'approver' }, real.freezeId!, reason);
    await real.system.get(RevertApprovals).run();
    return { expected: null, given: null };
  },
});
