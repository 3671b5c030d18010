import { describe, expect, it } from '@jest/globals';
import type { SealedLine } from '../src/evidence.js';
import type { Declaration, History } from '../src/history.js';
import { appliedApprovalsArriveOnce } from '../src/payments.js';
import { aDeclaration, aFile, aHistory, aLine, aPaidLine } from './a-month.js';

const line = (declaration_id: string, attempt = '1') => aLine({ declaration_id, attempt });

/** I1 over one version that finance approved: what became of it, and the lines that stand in files. */
function holds(
  now: Partial<Declaration>,
  lines: readonly SealedLine[],
  changes: Partial<History> = {},
): boolean {
  const history = aHistory({
    financeApproved: new Map([['d|1', aDeclaration()]]),
    newest: new Map([['d', aDeclaration(now)]]),
    ...changes,
  });
  return appliedApprovalsArriveOnce({ history, files: [aFile(lines)] }).holds;
}

const REJECTED = { rejected: new Map([['d|1|1', aPaidLine('d', '10000')]]) };
const NETTED = { netted: new Map([['d|1|1', { declarationId: 'd', pence: '10000', agencyCode: 'PCSE' }]]) };
const REVERTED = { reverted: new Set(['d|1']) };

describe('I1 of an applied approval', () => {
  it.each<[string, Partial<Declaration>, SealedLine[], Partial<History>]>([
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

  it.each<[string, Partial<Declaration>, SealedLine[], Partial<History>]>([
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
