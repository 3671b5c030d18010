import { describe, expect, it } from '@jest/globals';
import { appliedApprovalsArriveOnce } from '../src/payments.js';

const line = (declaration_id: string, attempt = '1') => ({
  declaration_id,
  declaration_version: '1',
  attempt,
});

/** I1 over one version that finance approved: what became of it, and the lines that stand in files. */
function holds(now: object, lines: readonly ReturnType<typeof line>[], changes: object = {}): boolean {
  const d = { declarationId: 'd', declarationVersion: 1, status: 'PAID' };
  const history = {
    financeApproved: new Map([['d|1', d]]),
    newest: new Map([['d', { ...d, ...now }]]),
    rejected: new Map(),
    netted: new Map(),
    settledNil: new Set(),
    reverted: new Set(),
    ...changes,
  };
  const verdict = (appliedApprovalsArriveOnce as (of: object) => { holds: boolean })({
    history,
    files: [{ lines }],
  });
  return verdict.holds;
}

const REJECTED = { rejected: new Map([['d|1|1', {}]]) };
const NETTED = { netted: new Map([['d|1|1', {}]]) };
const REVERTED = { reverted: new Set(['d|1']) };

describe('I1 of an applied approval', () => {
  it.each<[string, object, ReturnType<typeof line>[], object]>([
    ['is in one file', {}, [line('d')], {}],
    ['is paid again after its line was rejected', {}, [line('d'), line('d', '2')], REJECTED],
    ['was netted and has no line', {}, [], NETTED],
    ['waits for a run', { status: 'FINANCIALLY_APPROVED' }, [], {}],
    ['is of a version that another one followed', { declarationVersion: 2 }, [], {}],
    ['was taken back in a freeze', { status: 'AWAITING_PROVIDER_APPROVAL' }, [], REVERTED],
    ['was taken back and settled outside', { status: 'SETTLED_OUTSIDE' }, [], REVERTED],
  ])('holds when it %s', (_, now, lines, changes) => {
    expect(holds(now, lines, changes)).toBe(true);
  });

  it.each<[string, object, ReturnType<typeof line>[], object]>([
    ['is paid and has no line', {}, [], {}],
    ['is in two files', {}, [line('d'), line('d', '2')], {}],
    ['was netted and has a line', {}, [line('d')], NETTED],
    ['waits for its provider and nobody took it back', { status: 'AWAITING_PROVIDER_APPROVAL' }, [], {}],
    ['is settled outside and nobody took it back', { status: 'SETTLED_OUTSIDE' }, [], {}],
    ['was taken back and is in a file', { status: 'AWAITING_PROVIDER_APPROVAL' }, [line('d')], REVERTED],
  ])('is broken when it %s', (_, now, lines, changes) => {
    expect(holds(now, lines, changes)).toBe(false);
  });
});
