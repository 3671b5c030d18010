import { describe, expect, it } from '@jest/globals';
import { parseLondonDate, startOfLondonDay, londonDate } from '@attest/calendar';
import { DECLARATION_STATUSES } from '@attest/contracts';
import { actionsOf, aDeclaration, aHold, approved, context, ID, NOW } from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import type { DeclarationWindow, StimulusOf } from '../core/stimulus.js';
import { declarationWindow } from '../periods/window.js';

const window: DeclarationWindow = {
  paymentPeriod: '2026-08',
  opensOn: parseLondonDate('2026-08-09'),
  providerDeadlineOn: parseLondonDate('2026-08-24'),
  latePeriod: '2026-09',
  latePayableFrom: new Date('2026-10-01T17:00:00Z'),
};

const declare = (changes: Partial<StimulusOf<'declare'>> = {}): StimulusOf<'declare'> => ({
  kind: 'declare',
  declarationId: ID,
  personId: 'declarer',
  forOrganisation: 'X00001',
  actor: 'provider',
  seenRevision: null,
  today: parseLondonDate('2026-08-20'),
  window,
  parked: false,
  frozen: false,
  lateReason: null,
  onBehalfReason: null,
  ...changes,
});

const sign = (changes: Partial<StimulusOf<'signature'>> = {}): StimulusOf<'signature'> => ({
  kind: 'signature',
  answered: false,
  declarationId: ID,
  approvalId: '01990000-0000-7000-8000-0000000000dd',
  approvalVersion: 1,
  declarationVersion: 1,
  stage: 'commissioner',
  decision: 'approve',
  personId: 'approver',
  forOrganisation: 'XQA',
  reason: null,
  parked: false,
  frozen: false,
  ...changes,
});

const on = (d: Declaration, s: Parameters<typeof apply>[1]) => apply([d], s, context());
const awaitingCommissioner = (changes: Partial<Declaration> = {}) =>
  aDeclaration({
    status: 'AWAITING_COMMISSIONER_APPROVAL',
    revision: 2,
    declaredVersion: 1,
    declaredBy: 'declarer',
    ...changes,
  });
const awaitingFinance = (changes: Partial<Declaration> = {}) =>
  awaitingCommissioner({ status: 'AWAITING_FINANCE_APPROVAL', commissionerSignedBy: 'approver', ...changes });

describe('declaring', () => {
  it('sends it to the commissioner', () => {
    expect(on(aDeclaration(), declare()).family[0]).toMatchObject({
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      declaredBy: 'declarer',
      declarationVersion: 1,
      late: false,
    });
  });

  it('the same version again makes a new one', () => {
    expect(on(aDeclaration({ declaredVersion: 1 }), declare()).family[0]).toMatchObject({
      declarationVersion: 2,
    });
  });

  const refusals: [string, Declaration, Partial<StimulusOf<'declare'>>, string][] = [
    [
      'it waits for aggregation',
      aDeclaration({ awaiting: { until: 2, since: NOW, code: null } }),
      {},
      'ACHIEVEMENT_AWAITING_AGGREGATION',
    ],
    [
      'a newer membership is required',
      aDeclaration({ required: { XP1: 2 } }),
      {},
      'ACHIEVEMENT_AWAITING_AGGREGATION',
    ],
    [
      'an input is blocked',
      aDeclaration({ blocked: { until: 2, since: NOW, code: 'X' } }),
      {},
      'UPSTREAM_EVENT_PARKED',
    ],
    ['an event is parked', aDeclaration(), { parked: true }, 'UPSTREAM_EVENT_PARKED'],
    ['its period is frozen', aDeclaration(), { frozen: true }, 'PERIOD_FROZEN'],
    ['a hold stands', aDeclaration({ holds: [aHold()] }), {}, 'ON_HOLD'],
    ['it has changed since', aDeclaration({ revision: 3 }), { seenRevision: 2 }, 'STALE_VERSION'],
    ['it was declared', awaitingCommissioner(), {}, 'ILLEGAL_TRANSITION'],
    ['it is not in the calendar', aDeclaration(), { window: null }, 'NOT_IN_CALENDAR'],
    ['it is not open yet', aDeclaration(), { today: parseLondonDate('2026-08-08') }, 'NOT_YET_OPEN'],
    [
      'the deadline passed and no reason is given',
      aDeclaration(),
      { today: parseLondonDate('2026-08-25') },
      'LATE_REASON_MISSING',
    ],
    [
      'it is done on behalf without a reason',
      aDeclaration(),
      { actor: 'commissioner' },
      'ON_BEHALF_REASON_MISSING',
    ],
  ];
  it.each(refusals)('is refused while %s', (_, d, changes, code) => {
    const { refusal, steps } = on(d, declare(changes));
    expect(refusal).toBe(code);
    expect(steps).toEqual([]);
  });

  it('late needs a reason and joins the run of a later period', () => {
    const late = on(
      aDeclaration(),
      declare({ today: parseLondonDate('2026-08-25'), lateReason: 'The manager was ill.' }),
    );
    expect(late.family[0]).toMatchObject({
      late: true,
      paymentPeriod: '2026-09',
      payableFrom: window.latePayableFrom,
    });
    expect(late.steps[0]!.why).toMatchObject({ code: 'DECLARED_LATE', reason: 'The manager was ill.' });
  });

  // The day ends with the day in London: an hour earlier in UTC while summer time lasts.
  it.each([
    ['2026-08-24T22:59:59Z', false],
    ['2026-08-24T23:00:00Z', true],
    ['2026-03-28T23:59:59Z', false],
    ['2026-03-29T00:00:00Z', false],
    ['2026-03-29T23:00:00Z', true],
    ['2026-10-25T23:59:59Z', false],
    ['2026-10-26T00:00:00Z', true],
  ])('at %s is late: %s', (instant, late) => {
    const today = londonDate(new Date(instant));
    const deadline = parseLondonDate(
      instant < '2026-04' ? '2026-03-29' : instant < '2026-09' ? '2026-08-24' : '2026-10-25',
    );
    const { refusal } = on(
      aDeclaration(),
      declare({
        today,
        window: { ...window, opensOn: parseLondonDate('2026-01-01'), providerDeadlineOn: deadline },
      }),
    );
    expect(refusal).toBe(late ? 'LATE_REASON_MISSING' : null);
  });

  it('is taken back by the provider, also while it is held', () => {
    const undeclare = {
      kind: 'undeclare' as const,
      reason: null,
      declarationId: ID,
      personId: 'declarer',
      forOrganisation: 'X00001',
      actor: 'provider' as const,
      seenRevision: 2,
    };
    expect(on(awaitingCommissioner({ holds: [aHold()] }), undeclare).family[0]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      declaredBy: null,
    });
    const byCommissioner = { ...undeclare, personId: 'approver', actor: 'commissioner' as const };
    expect(on(awaitingCommissioner(), byCommissioner).refusal).toBe('UNDECLARE_REASON_MISSING');
    const why = { ...byCommissioner, reason: 'They asked by telephone.' };
    expect(on(awaitingCommissioner(), why).steps[0]!.why).toMatchObject({
      actor: 'commissioner',
      reason: 'They asked by telephone.',
    });
    expect(on(awaitingFinance(), undeclare).refusal).toBe('ILLEGAL_TRANSITION');
    expect(on(awaitingCommissioner(), { ...undeclare, seenRevision: 1 }).refusal).toBe('STALE_VERSION');
  });
});

describe('a late declaration', () => {
  const entry = {
    paymentPeriod: '2026-08',
    opensOn: parseLondonDate('2026-08-09'),
    providerDeadlineOn: parseLondonDate('2026-08-24'),
    cutOffAt: new Date('2026-09-01T17:00:00Z'),
  };
  it('joins the first later period whose own deadline has not passed', () => {
    const periods = ['2026-09', '2026-10'].map((paymentPeriod) => ({
      paymentPeriod,
      providerDeadlineOn: parseLondonDate(`${paymentPeriod}-24`),
      cutOffAt: startOfLondonDay(parseLondonDate(`${paymentPeriod}-30`)),
    }));
    expect(declarationWindow(entry, parseLondonDate('2026-08-25'), periods).latePeriod).toBe('2026-09');
    expect(declarationWindow(entry, parseLondonDate('2026-09-25'), periods).latePeriod).toBe('2026-10');
  });

  it('goes by month where no calendar has a later period yet', () => {
    const late = declarationWindow(entry, parseLondonDate('2026-09-25'), []);
    expect(late).toMatchObject({
      latePeriod: '2026-10',
      latePayableFrom: new Date('2026-11-01T18:00:00Z'),
    });
  });
});

describe('a signature', () => {
  it('of the commissioner, then of finance, makes it payable', () => {
    const { family } = on(awaitingCommissioner(), sign());
    expect(family[0]).toMatchObject({
      status: 'AWAITING_FINANCE_APPROVAL',
      commissionerSignedBy: 'approver',
    });
    const then = on(family[0]!, sign({ stage: 'finance', personId: 'finance', approvalVersion: 2 }));
    expect(then.family[0]).toMatchObject({ status: 'FINANCIALLY_APPROVED', financeSignedBy: 'finance' });
  });

  const refusals: [string, Declaration, Partial<StimulusOf<'signature'>>, string][] = [
    ['by who declared it', awaitingCommissioner(), { personId: 'declarer' }, 'SAME_PERSON'],
    ['by who signed the other stage', awaitingFinance(), { stage: 'finance' }, 'SAME_PERSON'],
    [
      'by who declared it, for finance',
      awaitingFinance(),
      { stage: 'finance', personId: 'declarer' },
      'SAME_PERSON',
    ],
    ['of another version', awaitingCommissioner({ declarationVersion: 2 }), {}, 'VERSION_SUPERSEDED'],
    ['of another stage', awaitingCommissioner(), { stage: 'finance', personId: 'finance' }, 'WRONG_STAGE'],
    ['for another commissioner', awaitingCommissioner(), { forOrganisation: 'XQB' }, 'WRONG_COMMISSIONER'],
    ['while a hold stands', awaitingCommissioner({ holds: [aHold()] }), {}, 'ON_HOLD'],
    [
      'while it waits for aggregation',
      awaitingCommissioner({ required: { XP1: 2 } }),
      {},
      'ACHIEVEMENT_AWAITING_AGGREGATION',
    ],
    ['while something upstream is parked', awaitingCommissioner(), { parked: true }, 'UPSTREAM_EVENT_PARKED'],
    ['while its period is frozen', awaitingCommissioner(), { frozen: true }, 'PERIOD_FROZEN'],
  ];
  it.each(refusals)('%s is refused', (_, d, changes, code) => {
    const { refusal, family } = on(d, sign(changes));
    expect(refusal).toBe(code);
    expect(family[0]).toMatchObject({ status: d.status, revision: d.revision, approvalVersion: 1 });
  });

  it('that comes a second time is not answered again', () => {
    const { family } = on(awaitingCommissioner(), sign());
    const again = on(family[0]!, sign({ answered: true }));
    expect(again.refusal).toBeNull();
    expect(again.steps).toEqual([]);
  });

  it('of finance is refused to whoever signed that version for the commissioner, also after finance sent it back', () => {
    const back = on(
      awaitingFinance(),
      sign({ stage: 'finance', decision: 'refuse', personId: 'finance', reason: 'no' }),
    );
    const again = on(back.family[0]!, sign({ personId: 'second approver', approvalVersion: 2 }));
    const first = on(again.family[0]!, sign({ stage: 'finance', personId: 'approver', approvalVersion: 3 }));
    expect(first.refusal).toBe('SAME_PERSON');
    const other = on(again.family[0]!, sign({ stage: 'finance', personId: 'finance', approvalVersion: 3 }));
    expect(other.family[0]).toMatchObject({ status: 'FINANCIALLY_APPROVED', financeSignedBy: 'finance' });
  });

  it('that counts below what was answered before is refused, so that its task is free again', () => {
    const restored = on(
      awaitingFinance({ approvalVersion: 3 }),
      sign({ stage: 'finance', personId: 'finance' }),
    );
    expect(restored.refusal).toBe('SIGNATURE_OUT_OF_ORDER');
    expect(restored.steps).toEqual([]);
  });

  it('may be refused while a hold stands: it leads away from payment', () => {
    const back = on(
      awaitingFinance({ holds: [aHold()] }),
      sign({ stage: 'finance', decision: 'refuse', reason: 'no' }),
    );
    expect(back.family[0]).toMatchObject({
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      declaredBy: 'declarer',
      commissionerSignedBy: null,
    });
    expect(on(awaitingCommissioner(), sign({ decision: 'refuse', reason: 'no' })).family[0]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      declaredBy: null,
    });
  });
});

describe('a lapse', () => {
  const lapse = {
    kind: 'lapse' as const,
    declarationId: ID,
    personId: 'approver',
    forOrganisation: 'XQA',
    seenRevision: null,
    reason: 'withdrawn',
  };
  it.each(DECLARATION_STATUSES)('of %s', (status) => {
    const d = approved({ status, holds: [] });
    const allowed = status.startsWith('AWAITING_') || status === 'REJECTED_BY_AGENCY';
    const { refusal, steps } = on(d, lapse);
    expect(refusal).toBe(allowed ? null : 'ILLEGAL_TRANSITION');
    expect(actionsOf(steps)).toEqual(allowed ? ['lapse'] : []);
  });
});
