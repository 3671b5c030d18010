import fc from 'fast-check';
import { command } from '../command.js';
import { lapse } from './lapse.js';

/** The commissioner decides that a difference is not moved, where there is one. */
export const withdrawAdjustment = command({
  name: 'withdraw-adjustment',
  args: fc.constant({}),
  async run(model, real) {
    model.lookAt(1);
    return model.adjustment ? lapse.run(model, real, { sure: true }) : { expected: null, given: null };
  },
});
