import fc from 'fast-check';
import { command } from '../command.js';
import { keepEarlierFigure } from './keep-earlier-figure.js';
import { membership } from './membership.js';

/** A practice joins, then the earlier figure is kept: drawn apart from each other, the two would seldom meet. */
export const joinOrKeep = command({
  name: 'join-or-keep',
  weight: 5,
  args: fc.record({}),
  run: (model, real) =>
    model.subject!.holds.some(({ code }) => code === 'PCN_PRACTICE_JOINED')
      ? keepEarlierFigure.run(model, real, { which: 0, confirmed: true, stale: false })
      : membership.run(model, real, { what: 'joined' }),
});
