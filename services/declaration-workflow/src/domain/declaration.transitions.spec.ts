import { describe, expect, it } from '@jest/globals';
import { DECLARATION_EVENTS, DECLARATION_STATUSES } from '@attest/contracts';
import {
  ACTIONS,
  DECLARATION_TRANSITIONS,
  STATUS_LABELS,
  STATUSES_TO_COME,
  transitionFor,
  type Actor,
  type Transition,
} from './declaration.transitions.js';

const ROWS: readonly Transition[] = DECLARATION_TRANSITIONS;
const ACTORS: readonly Actor[] = [
  'provider',
  'commissioner',
  'finance',
  'agency',
  'payment-export',
  'system',
];
const STATUSES = DECLARATION_STATUSES.filter((status) => !STATUSES_TO_COME.includes(status));

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

  it('refuses every pair that is not listed', () => {
    for (const status of [null, ...DECLARATION_STATUSES])
      for (const action of ACTIONS) {
        if (ROWS.some((row) => row.from === status && row.on === action)) continue;
        for (const actor of ACTORS)
          expect(() => transitionFor(status, action, actor)).toThrow('ILLEGAL_TRANSITION');
      }
  });

  it('refuses every actor that a step does not name', () => {
    for (const row of ROWS)
      for (const actor of ACTORS) {
        if (row.by.includes(actor)) expect(transitionFor(row.from, row.on, actor)).toBe(row);
        else expect(() => transitionFor(row.from, row.on, actor)).toThrow('ROLE_NOT_ALLOWED');
      }
  });

  it('lets nobody out of an end', () => {
    for (const end of ['PAID', 'LAPSED', 'SETTLED_OUTSIDE'])
      expect(ROWS.filter((row) => row.from === end)).toEqual([]);
  });
});
