import { describe, expect, it } from '@jest/globals';
import { DECLARATION_EVENTS, DECLARATION_STATUSES, DeclarationFact } from '@attest/contracts';
import {
  ACTIONS,
  DECLARATION_TRANSITIONS,
  STATUS_LABELS,
  transitionFor,
  type Actor,
  type Transition,
} from './declaration.transitions.js';

const ROWS: readonly Transition[] = DECLARATION_TRANSITIONS;
/** Whoever a fact may name, as the contract has it. */
const ACTORS = DeclarationFact.properties.actor.enum as readonly Actor[];
const STATUSES = DECLARATION_STATUSES;

describe('the table of a declaration', () => {
  it.each(STATUSES)('%s appears in it', (status) => {
    expect(ROWS.some((row) => row.from === status || row.to === status)).toBe(true);
  });

  it('reaches every status from nothing', () => {
    const reached = new Set<string | null>([null]);
    for (let before = -1; before < reached.size;) {
      before = reached.size;
      for (const row of ROWS) if (reached.has(row.from)) reached.add(row.to);
    }
    expect(STATUSES.filter((status) => !reached.has(status))).toEqual([]);
  });

  it('names no step twice', () => {
    const steps = ROWS.map((row) => `${row.from}|${row.on}|${row.kind ?? 'any'}`);
    expect(steps.filter((step, at) => steps.indexOf(step) !== at)).toEqual([]);
  });

  it('emits only events that exist', () => {
    const types = DECLARATION_EVENTS.map((definition) => definition.type as string);
    expect(ROWS.filter((row) => !types.includes(row.emits))).toEqual([]);
  });

  it('has a label for every status', () => {
    expect(Object.keys(STATUS_LABELS).sort()).toEqual([...DECLARATION_STATUSES].sort());
  });

  // Walks what there is: a status, an action or a row that is added later is walked too.
  const pairs = [null, ...DECLARATION_STATUSES].flatMap((status) => ACTIONS.map((on) => ({ status, on })));
  const isListed = ({ status, on }: (typeof pairs)[number]): boolean =>
    ROWS.some((row) => row.from === status && row.on === on);

  it.each(pairs.filter((pair) => !isListed(pair)))(
    'refuses $on from $status to everybody',
    ({ status, on }) => {
      for (const actor of ACTORS)
        expect(() => transitionFor(status, on, actor)).toThrow('ILLEGAL_TRANSITION');
    },
  );

  it('walks every pair of status and action', () => {
    expect(pairs).toHaveLength((DECLARATION_STATUSES.length + 1) * ACTIONS.length);
    expect(pairs.filter(isListed)).toHaveLength(new Set(ROWS.map((row) => `${row.from}|${row.on}`)).size);
  });

  it('refuses every actor that a step does not name', () => {
    for (const row of ROWS)
      for (const actor of ACTORS) {
        if (row.by.includes(actor)) expect(transitionFor(row.from, row.on, actor)).toBe(row);
        else expect(() => transitionFor(row.from, row.on, actor)).toThrow('ROLE_NOT_ALLOWED');
      }
  });

  it('settles an achievement outside from nowhere', () => {
    for (const status of DECLARATION_STATUSES)
      expect(() => transitionFor(status, 'settle-outside', 'commissioner', 'achievement')).toThrow(
        'ILLEGAL_TRANSITION',
      );
  });

  it('lets nobody out of an end', () => {
    for (const end of ['LAPSED', 'SETTLED_OUTSIDE'])
      expect(ROWS.filter((row) => row.from === end)).toEqual([]);
  });

  it('lets what is paid go back in one way alone: its credit was returned', () => {
    const ways = ROWS.filter((row) => row.from === 'PAID').map(({ on, by, to }) => ({ on, by, to }));
    expect(ways).toEqual([{ on: 'return', by: ['agency'], to: 'REJECTED_BY_AGENCY' }]);
  });
});
