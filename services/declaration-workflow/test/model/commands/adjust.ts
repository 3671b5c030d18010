import fc from 'fast-check';
import { command, type Answers, type CommandKind } from '../command.js';
import type { ModelDeclaration } from '../model-declaration.js';
import { figures } from './figures.js';
import { goOn } from './go-on.js';
import { inTurn } from './in-turn.js';
import { lapse } from './lapse.js';
import { rejected, returned } from './release-run.js';
import { settleOutside } from './settle-outside.js';

const LEADS_AWAY = {
  returned: [returned, { ofItsRun: true }],
  rejected: [rejected, { ofItsRun: true }],
  withdrawn: [lapse, { sure: true }],
  proposed: [settleOutside, { does: 'next', by: 'approver', stale: false }],
  settled: [settleOutside, { does: 'next', by: 'second', stale: false }],
} as const satisfies Record<string, readonly [CommandKind, object]>;
type Away = keyof typeof LEADS_AWAY | 'changed';

/** It is sent, its result changes, and what is opened beside it goes some steps on: drawn apart, few would get there. */
export const adjust = command({
  name: 'adjust',
  early: true,
  weight: 8,
  args: fc.record({
    result: fc.constantFrom('10060', '25000', '25000', '0', '300'),
    steps: fc.nat(7),
    /** In order, after those steps. */
    then: fc.constantFrom<readonly Away[]>(
      [],
      [],
      ['changed'],
      ['returned'],
      ['rejected'],
      ['changed', 'returned'],
      ['proposed', 'settled'],
      // One person twice.
      ['proposed', 'proposed'],
      ['proposed', 'settled', 'changed'],
      ['withdrawn'],
    ),
  }),
  run(model, real, { result, steps, then }) {
    const change = (to: string): Promise<Answers> =>
      figures.run(model, real, { result: to, behind: 0, amended: false });
    let isChanged = model.adjustment !== null;
    let left = steps;
    const aways = [...then];
    /** The one that is followed, also where another was opened beside it. */
    let followed: ModelDeclaration | null = null;
    const next = (): Promise<Answers> | null => {
      model.lookAt(0);
      if (!isChanged && model.main?.isSealed !== true) return goOn.run(model, real, {});
      if (!isChanged) return ((isChanged = true), change(result));
      followed ??= model.adjustment;
      if (followed === null) return null;
      model.subject = followed;
      const mayGoOn = followed.isStanding || followed.status === 'SENT_TO_AGENCY';
      if (mayGoOn && left-- > 0) return goOn.run(model, real, {});
      const away = aways.shift();
      if (away === undefined) return null;
      if (away === 'changed') return change(result === '300' ? '10060' : '300');
      const [kind, args] = LEADS_AWAY[away];
      return kind.run(model, real, args);
    };
    return inTurn(model, real, next, 18);
  },
});
