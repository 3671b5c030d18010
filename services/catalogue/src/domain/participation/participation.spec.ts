import { describe, expect, it } from '@jest/globals';
import { parseLondonDate, type LondonDate } from '@attest/calendar';
import type { QualityService } from '@attest/contracts';
import { offerOf, offerTo, type Candidate } from './offer.js';
import type { ItemOutcome, Participation } from './participation.js';
import { endByClosing } from './closing.js';
import { end, respond } from './respond.js';

const d = (text: string): LondonDate => parseLondonDate(text);
const TODAY = d('2026-06-01');
const SERVICE = {
  serviceCode: 'XVI2627',
  providerKind: 'practice',
  startOn: '2026-04-01',
  endOn: '2027-04-01',
  acceptance: 'by-provider',
} as QualityService;
const OFFER = {
  serviceCode: 'XVI2627',
  from: d('2026-04-01'),
  to: d('2027-04-01'),
  respondBy: d('2026-06-30'),
};

const aParticipation = (changes: Partial<Participation> = {}): Participation => ({
  serviceCode: 'XVI2627',
  providerCode: 'X00001',
  status: 'offered',
  from: OFFER.from,
  to: OFFER.to,
  respondBy: OFFER.respondBy,
  version: 3n,
  ...changes,
});
const aCandidate = (changes: Partial<Candidate> = {}): Candidate => ({
  providerCode: 'X00001',
  organisation: { kind: 'practice', openOn: null, closeOn: null },
  isInScope: true,
  isParked: false,
  participation: null,
  ...changes,
});
const said = (outcome: ItemOutcome): string =>
  outcome.outcome === 'refused' ? outcome.code : `${outcome.outcome} ${outcome.participation.status}`;

describe('dates of an offer', () => {
  it.each<[string, Partial<QualityService>, string, string | null, string | null]>([
    ['are those given', {}, '2026-05-01', '2026-06-01', '2026-06-01'],
    ['end with the service where no end is given', {}, '2026-05-01', null, '2027-04-01'],
    ['have no end where the service has none', { endOn: null }, '2026-05-01', null, null],
  ])('%s', (_name, service, from, to, expected) => {
    const offer = offerOf(
      { ...SERVICE, ...service },
      { from: d(from), to: to === null ? null : d(to), respondBy: null },
      TODAY,
    );
    expect(offer.to).toBe(expected);
  });

  it.each([
    ['2026-03-31', null],
    ['2026-04-01', '2027-04-02'],
    ['2026-05-01', '2026-05-01'],
    ['2027-04-01', null],
  ])('from %s to %s are refused', (from, to) => {
    expect(() =>
      offerOf(SERVICE, { from: d(from), to: to === null ? null : d(to), respondBy: null }, TODAY),
    ).toThrow(expect.objectContaining({ code: 'OFFER_DATES_OUTSIDE' }) as unknown as Error);
  });

  it.each<[QualityService['acceptance'], boolean]>([
    ['by-provider', true],
    ['automatic', false],
  ])('to be answered yesterday matter where acceptance is %s: %s', (acceptance, matters) => {
    const make = (): unknown =>
      offerOf({ ...SERVICE, acceptance }, { from: OFFER.from, to: null, respondBy: d('2026-05-31') }, TODAY);
    if (matters)
      expect(make).toThrow(expect.objectContaining({ code: 'RESPOND_BY_PAST' }) as unknown as Error);
    else expect(make()).toMatchObject({ respondBy: null });
  });
});

describe('an offer to one provider', () => {
  const known = (changes: Partial<Participation>): Partial<Candidate> => ({
    participation: aParticipation(changes),
  });
  it.each<[string, Partial<Candidate>, string]>([
    ['that is known and open', {}, 'changed offered'],
    ['about whom an event is parked', { isParked: true }, 'UPSTREAM_EVENT_PARKED'],
    ['that nobody knows', { organisation: null }, 'PROVIDER_UNKNOWN'],
    ['of somebody else', { isInScope: false }, 'NOT_YOUR_ORGANISATION'],
    [
      'of another kind',
      { organisation: { kind: 'pcn', openOn: null, closeOn: null } },
      'PROVIDER_KIND_WRONG',
    ],
    [
      'closed on the first day',
      { organisation: { kind: 'practice', openOn: null, closeOn: d('2026-04-01') } },
      'ORGANISATION_CLOSED',
    ],
    [
      'closed a day later',
      { organisation: { kind: 'practice', openOn: null, closeOn: d('2026-04-02') } },
      'changed offered',
    ],
    [
      'opened after the last day',
      { organisation: { kind: 'practice', openOn: d('2027-04-01'), closeOn: null } },
      'ORGANISATION_CLOSED',
    ],
    [
      'opened on the last day',
      { organisation: { kind: 'practice', openOn: d('2027-03-31'), closeOn: null } },
      'changed offered',
    ],
    ['that has the same offer', known({}), 'unchanged offered'],
    ['that has an offer with other dates', known({ to: d('2026-10-01') }), 'changed offered'],
    ['that has longer to answer now', known({ respondBy: d('2026-06-15') }), 'changed offered'],
    ['that refused', known({ status: 'refused' }), 'changed offered'],
    ['that accepted the same', known({ status: 'accepted' }), 'unchanged accepted'],
    [
      'that takes part on other dates',
      known({ status: 'accepted', to: d('2026-10-01') }),
      'ALREADY_PARTICIPATING',
    ],
    ['whose participation ended', known({ status: 'ended', to: d('2026-10-01') }), 'PARTICIPATION_ENDED'],
  ])('%s', (_name, changes, expected) => {
    expect(said(offerTo(aCandidate(changes), OFFER, SERVICE))).toBe(expected);
  });

  it('is accepted by being made where the service says so', () => {
    const outcome = offerTo(aCandidate(known({ status: 'refused' })), OFFER, {
      ...SERVICE,
      acceptance: 'automatic',
    });
    expect(outcome).toMatchObject({ participation: { status: 'accepted', version: 3n } });
  });
});

describe('an answer', () => {
  const answer = (
    given: 'accept' | 'refuse',
    known: Participation | undefined,
    today = TODAY,
    reason = 'Too few nurses.',
  ): string =>
    said(respond({ serviceCode: 'XVI2627', providerCode: 'X00001', answer: given, reason }, known, today));
  it.each<[string, string, string]>([
    ['accept what was offered', answer('accept', aParticipation()), 'changed accepted'],
    ['refuse what was offered', answer('refuse', aParticipation()), 'changed refused'],
    ['refuse without a reason', answer('refuse', aParticipation(), TODAY, ''), 'REASON_MISSING'],
    ['answer what was not offered', answer('accept', undefined), 'OFFER_UNKNOWN'],
    ['accept twice', answer('accept', aParticipation({ status: 'accepted' })), 'unchanged accepted'],
    ['refuse what was accepted', answer('refuse', aParticipation({ status: 'accepted' })), 'OFFER_NOT_OPEN'],
    ['accept what was refused', answer('accept', aParticipation({ status: 'refused' })), 'OFFER_NOT_OPEN'],
    ['accept what has ended', answer('accept', aParticipation({ status: 'ended' })), 'OFFER_NOT_OPEN'],
    ['accept on the last day', answer('accept', aParticipation(), d('2026-06-30')), 'changed accepted'],
    ['accept a day later', answer('accept', aParticipation(), d('2026-07-01')), 'OFFER_EXPIRED'],
    [
      'accept an offer without a last day',
      answer('accept', aParticipation({ respondBy: null }), d('2030-01-01')),
      'changed accepted',
    ],
  ])('%s', (_name, outcome, expected) => expect(outcome).toBe(expected));
});

describe('a closing of the provider', () => {
  const closed = (known: Participation, on: string) => endByClosing(known, d(on));
  const accepted = aParticipation({ status: 'accepted' });
  it('ends what runs beyond it, on the day of the closing', () => {
    expect(closed(accepted, '2026-10-01')).toMatchObject({
      outcome: 'changed',
      reason: 'The organisation closed.',
      participation: { status: 'ended', to: '2026-10-01', version: accepted.version },
    });
    const ended = aParticipation({ status: 'ended', to: d('2026-12-01') });
    expect(closed(ended, '2026-10-01')).toMatchObject({ participation: { to: '2026-10-01' } });
  });
  it.each<[string, Participation, string, string]>([
    ['takes an open offer back', aParticipation(), '2026-10-01', 'changed refused'],
    ['leaves what ended before it', accepted, '2027-04-01', 'unchanged accepted'],
    ['leaves what had not begun', accepted, '2026-04-01', 'unchanged accepted'],
  ])('%s', (_, known, on, expected) => {
    expect(said(closed(known, on))).toBe(expected);
  });
});

describe('an end', () => {
  const ended = (known: Participation | undefined, on: string): string =>
    said(end('X00001', known, d(on), 'why'));
  const accepted = aParticipation({ status: 'accepted' });
  it.each<[string, string, string]>([
    ['inside', ended(accepted, '2026-10-01'), 'changed ended'],
    ['after the first day', ended(accepted, '2026-04-02'), 'changed ended'],
    ['on the first day', ended(accepted, '2026-04-01'), 'END_OUTSIDE'],
    ['with the last day', ended(accepted, '2027-04-01'), 'changed ended'],
    ['beyond it', ended(accepted, '2027-04-02'), 'END_OUTSIDE'],
    ['of an offer takes it back', ended(aParticipation(), '2026-10-01'), 'changed refused'],
    [
      'of what was refused',
      ended(aParticipation({ status: 'refused' }), '2026-10-01'),
      'PARTICIPATION_NOT_OPEN',
    ],
    [
      'again on the same day',
      ended(aParticipation({ status: 'ended', to: d('2026-10-01') }), '2026-10-01'),
      'unchanged ended',
    ],
    ['of nothing', ended(undefined, '2026-10-01'), 'OFFER_UNKNOWN'],
  ])('%s', (_name, outcome, expected) => expect(outcome).toBe(expected));
});
