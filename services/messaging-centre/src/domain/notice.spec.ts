import { describe, expect, it } from '@jest/globals';
import { DECLARATION_EVENTS, type DeclarationFact, type DeclarationState } from '@attest/contracts';
import { aDeclaration, aFact } from '../../test/events.js';
import { noticesOf, type MessageKind } from './notice.js';

type Fact = Partial<DeclarationFact>;
const PROVIDER = 'X00001';
const COMMISSIONER = 'XQA';
const BOTH = [PROVIDER, COMMISSIONER];

const tell = (name: string, declaration: Partial<DeclarationState> = {}, fact: Fact = {}) =>
  noticesOf(`declaration.${name}.v1`, { declaration: aDeclaration(declaration), fact: aFact(fact) });
const told = (...args: Parameters<typeof tell>) =>
  tell(...args).map(({ kind, organisationCode }) => [kind, organisationCode]);

/** Whom each fact of a declaration concerns; the readiness of an achievement is told when its window is open. */
const TELLINGS: [string, Partial<DeclarationState>, Fact, MessageKind, string[]][] = [
  ['opened', { kind: 'adjustment' }, {}, 'ADJUSTMENT_OPENED', BOTH],
  ['declared', {}, { code: 'DECLARED_LATE' }, 'DECLARED_LATE', [COMMISSIONER]],
  ['undeclared', {}, { actor: 'commissioner' }, 'UNDECLARED', [PROVIDER]],
  ['refused', {}, {}, 'REFUSED', [PROVIDER]],
  ['finance-refused', {}, {}, 'REFUSED_BY_FINANCE', BOTH],
  ['reopened', {}, {}, 'REOPENED', BOTH],
  ['held', {}, {}, 'HELD', BOTH],
  ['released', {}, {}, 'HOLD_RELEASED', [PROVIDER]],
  ['hold-escalated', {}, {}, 'HOLD_ESCALATED', BOTH],
  ['figure-kept', {}, {}, 'FIGURE_KEPT', [PROVIDER]],
  ['reverted', {}, {}, 'REVERTED', BOTH],
  ['late-admitted', {}, {}, 'LATE_ADMITTED', BOTH],
  ['needs-resolution', {}, {}, 'NEEDS_RESOLUTION', BOTH],
  ['settled-outside', {}, {}, 'SETTLED_OUTSIDE', BOTH],
  ['lapsed', {}, { code: 'WITHDRAWN' }, 'LAPSED', BOTH],
  ['netted', {}, {}, 'NETTED', BOTH],
  ['paid', {}, {}, 'PAID', [PROVIDER]],
  ['rejected', {}, {}, 'PAYMENT_REJECTED', BOTH],
  ['returned', {}, {}, 'PAYMENT_RETURNED', BOTH],
];
/** A step forward, of which the next one to act learns by the queue or the task that it opens. */
const NOBODY = [
  ...['refigured', 'tier-approved', 'approved', 'finance-approved', 'settled-nil', 'confirmed'],
  ...['confirm-refused', 'sent', 'not-included', 'corrected'],
];

describe('a fact of a declaration', () => {
  it.each(TELLINGS)('that it was %s %j %j is told as %s to %j', (name, declaration, fact, kind, to) => {
    expect(told(name, declaration, fact)).toEqual(to.map((code) => [kind, code]));
  });

  it('is told to somebody, or known to concern nobody', () => {
    expect([...TELLINGS.map(([name]) => name), ...NOBODY].sort()).toEqual(
      DECLARATION_EVENTS.map(({ type }) => type.split('.')[1]).sort(),
    );
    for (const name of NOBODY) expect(told(name)).toEqual([]);
  });
});

it('a declaration that is told again as it stands concerns nobody', () => {
  for (const status of ['AWAITING_PROVIDER_APPROVAL', 'PAID', 'REJECTED_BY_AGENCY'] as const)
    expect(tell('restated', { status }, { code: 'WITHDRAWN' })).toEqual([]);
});

describe('a declaration that was taken back', () => {
  it('by its commissioner is told to its provider with the reason', () => {
    const [notice] = tell(
      'undeclared',
      {},
      { actor: 'commissioner', reason: 'Declared for the wrong site.' },
    );
    expect(notice!.line.reason).toBe('Declared for the wrong site.');
  });

  it('by its provider is told to nobody', () => {
    expect(told('undeclared', {}, { actor: 'provider' })).toEqual([]);
  });
});

describe('a declaration that lapses', () => {
  it.each([
    ['WITHDRAWN', 'They closed.', 'They closed.'],
    ['NOT_APPLICABLE', 'NOT_PARTICIPATING', 'no accepted participation covers the achievement date'],
    ['NOT_APPLICABLE', 'A_CODE_TO_COME', 'A_CODE_TO_COME'],
    ['NOTHING_OWED', null, null],
  ])('as %s is told with its code and its reason in words (%s)', (code, reason, words) => {
    for (const notice of tell('lapsed', { status: 'LAPSED' }, { code, reason }))
      expect(notice).toMatchObject({ bucket: `${code}:2026-10`, line: { code, reason: words } });
  });

  it('is not told as reopened before: nobody can declare it again', () => {
    expect(told('reopened', { pence: '0' }, { code: 'NOT_APPLICABLE', previousPence: '5000' })).toEqual([]);
    expect(told('reopened', { kind: 'adjustment', pence: '0' }, { code: 'NOTHING_OWED' })).toEqual([]);
  });

  it('is another thing than one that was reopened and is to be signed for nothing, or for less', () => {
    const reopened = BOTH.map((code) => ['REOPENED', code]);
    expect(told('reopened', { pence: '0' })).toEqual(reopened);
    expect(told('reopened', { pence: '100' }, { code: 'NOTHING_OWED' })).toEqual(reopened);
    const nothingOwed = { code: 'NOTHING_OWED' };
    expect(told('reopened', { kind: 'adjustment', pence: '-60' }, nothingOwed)).toEqual(reopened);
    const netted = { kind: 'adjustment', pence: '0', nettedPence: '500' } as const;
    expect(told('reopened', netted, nothingOwed)).toEqual(reopened);
  });
});

it('a hold that waited for the end of a run says why it was wished', () => {
  const hold = { code: 'BY_HAND', causeEventId: null, reason: 'Three times last year.' };
  const [notice] = tell('held', { holds: [hold] as never }, { code: 'BY_HAND' });
  expect(notice!.line.reason).toBe('Three times last year.');
});
