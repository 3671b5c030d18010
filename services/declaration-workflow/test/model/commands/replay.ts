import fc from 'fast-check';
import { command } from '../command.js';

/** Something that was said comes again, by itself or long after other things; nothing remembers its id. */
export const replay = command({
  name: 'replay',
  early: true,
  weight: 2,
  args: fc.record({ back: fc.nat(30) }),
  async run(_model, real, { back }) {
    const { said } = real;
    if (said.length === 0) return { expected: null, given: null };
    const one = said[said.length - 1 - (back % said.length)]!;
    const given = await real.again(one.consumer, one.event);
    // A fact that did not fit is either too old by now or still does not.
    if (given === 'PAYMENT_FACT_DOES_NOT_FIT') return { expected: given, given };
    one.apply();
    return { expected: null, given };
  },
});
