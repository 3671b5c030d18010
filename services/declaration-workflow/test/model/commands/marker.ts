import fc from 'fast-check';
import { awaiting, blocked } from '../../neighbours.js';
import { command } from '../command.js';

/** Something is being added up, or could not be read, until figures of a certain revision come. */
export const marker = command({
  name: 'marker',
  early: true,
  args: fc.record({ kind: fc.constantFrom('awaiting', 'blocked'), ahead: fc.constantFrom(0, 1, 2) }),
  async run(model, real, { kind, ahead }) {
    const until = model.revision + ahead;
    if (until === 0) return { expected: null, given: null };
    const who = { serviceCode: real.serviceCode, organisationCode: real.pcnCode, closesAtRevision: until };
    const event = kind === 'awaiting' ? awaiting(who) : blocked({ ...who, code: 'INPUT_PARKED' });
    const apply = () => model.marker(kind as 'awaiting' | 'blocked', until);
    apply();
    return { expected: null, given: await real.hear('achievements', event, apply) };
  },
});
