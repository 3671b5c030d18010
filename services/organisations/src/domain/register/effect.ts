import { periodContains, type LondonDate } from '@attest/calendar';
import { daysOnlyIn } from '../memberships/difference.js';
import type { MemberSpell, Spell } from '../memberships/spell.js';
import { isProvider, type Organisation } from './organisation.js';

/** What can happen to an organisation when files change; in this order people are told. */
export const EFFECT_KINDS = [
  'closed',
  'opens-later',
  'left-pcn',
  'moved-pcn',
  'moved-commissioner',
  'lost-list-size',
  'lost-role',
  'changed-list-size',
  'reopened',
  'joined-pcn',
  'gained-role',
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** What takes something away: closings, later openings, moves, expulsions. */
const TAKES: ReadonlySet<EffectKind> = new Set(EFFECT_KINDS.slice(0, 7));

/** One organisation and what becomes of it; as text, because kinds differ in what they tell. */
export interface Touched {
  readonly code: string;
  readonly name: string;
  readonly kind: EffectKind;
  readonly before: string | null;
  readonly after: string | null;
}

/** Counts by kind, beside what stands on the date of the file. */
export interface EffectCounts extends Readonly<Record<EffectKind, number>> {
  readonly practicesStanding: number;
  readonly pcnsStanding: number;
  readonly membersStanding: number;
  readonly rolesStanding: number;
}

export interface Effect {
  readonly touched: readonly Touched[];
  readonly counts: EffectCounts;
  /** Whether more than the share is taken away of the practices, the PCNs or the members that stand. */
  exceeds(share: Share, all?: boolean): boolean;
}

/** More than `percent` of what stands, and at least so many. */
export interface Share {
  readonly percent: number;
  readonly least: number;
}

const isTooMany = (count: number, standing: number, { percent, least }: Share): boolean =>
  count >= least && count * 100 > standing * percent;

const countKinds = (touched: readonly Touched[]): Record<EffectKind, number> =>
  Object.fromEntries(
    EFFECT_KINDS.map((kind) => [kind, touched.filter((one) => one.kind === kind).length]),
  ) as Record<EffectKind, number>;

interface RoleDates {
  readonly personId: string;
  readonly role: string;
  readonly organisationCode: string;
  readonly validFrom: LondonDate;
  readonly validTo: LondonDate | null;
}

/** @param gains whether roles that are given count, too: when a file is withdrawn, all that it changed does */
export function effectOnRoles(
  changes: readonly { readonly before: RoleDates | null; readonly after: RoleDates }[],
  rolesStanding: number,
  gains: boolean,
): Effect {
  const touched = changes.flatMap(({ before, after }): Touched[] => {
    const lost = before !== null && daysOnlyIn([days(before)], [days(after)]).length > 0;
    const gained = before === null || daysOnlyIn([days(after)], [days(before)]).length > 0;
    if (!lost && !(gained && gains)) return [];
    return [
      {
        code: after.organisationCode,
        name: `${after.personId} ${after.role}`,
        kind: lost ? 'lost-role' : 'gained-role',
        before: before && `${before.validFrom} to ${before.validTo ?? '…'}`,
        after: `${after.validFrom} to ${after.validTo ?? '…'}`,
      },
    ];
  });
  const standing = { practicesStanding: 0, pcnsStanding: 0, membersStanding: 0, rolesStanding };
  return {
    touched,
    counts: { ...countKinds(touched), ...standing },
    exceeds: (share) => isTooMany(touched.length, rolesStanding, share),
  };
}

const days = ({ validFrom, validTo }: RoleDates) => ({ from: validFrom, to: validTo });

export interface Register {
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly membersByPcn: ReadonlyMap<string, readonly MemberSpell[]>;
}

/** What takes the register from one state to another. @param asAt the date at which is counted what stands */
export function effectOf(before: Register, after: Register, asAt: LondonDate): Effect {
  const touched = [...organisationsTouched(before, after), ...membersTouched(before, after)].sort(
    (a, b) =>
      EFFECT_KINDS.indexOf(a.kind) - EFFECT_KINDS.indexOf(b.kind) ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
  const standing = {
    practicesStanding: countOpen(before, 'practice', asAt),
    pcnsStanding: countOpen(before, 'pcn', asAt),
    membersStanding: countMembers(before, asAt),
    rolesStanding: 0,
  };
  const isOf =
    (kind: Organisation['kind']) =>
    ({ code }: Touched): boolean =>
      (before.organisations.get(code) ?? after.organisations.get(code))?.kind === kind;
  return {
    touched,
    counts: { ...countKinds(touched), ...standing },
    exceeds(share, all = false) {
      const counted = touched.filter(({ kind }) => all || TAKES.has(kind));
      const tooMany = (of: readonly Touched[], stand: number): boolean =>
        isTooMany(new Set(of.map(({ code }) => code)).size, stand, share);
      const ofMembers = (one: Touched): boolean => one.kind.endsWith('-pcn');
      const others = counted.filter((one) => !ofMembers(one));
      return (
        tooMany(counted.filter(ofMembers), standing.membersStanding) ||
        tooMany(others.filter(isOf('pcn')), standing.pcnsStanding) ||
        // Of a commissioner that closes, its practices decide: they move.
        tooMany(others.filter(isOf('practice')), standing.practicesStanding)
      );
    },
  };
}

/** Whether two of them name the same organisations and what becomes of each. */
export const sameEffect = (a: readonly Touched[], b: readonly Touched[]): boolean => {
  const text = ({ code, kind, before, after }: Touched): string => [code, kind, before, after].join(' ');
  return a.length === b.length && a.every((one, i) => text(one) === text(b[i]!));
};

function* organisationsTouched(before: Register, after: Register): Generator<Touched> {
  for (const [code, was] of before.organisations) {
    const is = after.organisations.get(code) ?? was;
    const of = (kind: EffectKind, a: string | null, b: string | null): Touched => ({
      code,
      name: is.name,
      kind,
      before: a,
      after: b,
    });
    if (is.closeOn !== null && (was.closeOn === null || is.closeOn < was.closeOn))
      yield of('closed', was.closeOn, is.closeOn);
    else if (was.closeOn !== null && is.closeOn !== was.closeOn)
      yield of('reopened', was.closeOn, is.closeOn);
    if (was.openOn !== null && is.openOn !== null && is.openOn > was.openOn)
      yield of('opens-later', was.openOn, is.openOn);
    if (!isProvider(was.kind)) continue;
    if (was.commissionerCode !== null && is.commissionerCode !== was.commissionerCode)
      yield of('moved-commissioner', was.commissionerCode, is.commissionerCode);
    const sizes = new Map(is.listSizes.map((one) => [one.listSizeOn, one.registeredPatients]));
    const lost = was.listSizes.find(({ listSizeOn }) => !sizes.has(listSizeOn));
    if (lost) yield of('lost-list-size', lost.listSizeOn, null);
    const changed = was.listSizes.find(
      ({ listSizeOn: on, registeredPatients }) => sizes.has(on) && sizes.get(on) !== registeredPatients,
    );
    if (changed) {
      const { listSizeOn: on, registeredPatients } = changed;
      yield of('changed-list-size', `${registeredPatients} on ${on}`, `${sizes.get(on)} on ${on}`);
    }
  }
}

function* membersTouched(before: Register, after: Register): Generator<Touched> {
  const [was, is] = [spellsByPractice(before.membersByPcn), spellsByPractice(after.membersByPcn)];
  for (const code of new Set([...was.keys(), ...is.keys()])) {
    const lost = daysOf(was.get(code), is.get(code));
    const gained = daysOf(is.get(code), was.get(code));
    const spell = lost[0] ?? gained[0];
    if (!spell) continue;
    const kind = lost.length === 0 ? 'joined-pcn' : gained.length === 0 ? 'left-pcn' : 'moved-pcn';
    const name = (after.organisations.get(code) ?? before.organisations.get(code))?.name ?? code;
    yield { code, name, kind, before: lost[0]?.pcnCode ?? null, after: gained[0]?.pcnCode ?? null };
  }
}

/** Days in a PCN by the first list and not by the second. */
function daysOf(spells: readonly Spell[] = [], others: readonly Spell[] = []): Spell[] {
  return spells.flatMap((spell) => {
    const same = others.filter(({ pcnCode }) => pcnCode === spell.pcnCode);
    return daysOnlyIn([spell], same).map((days) => ({ ...days, pcnCode: spell.pcnCode }));
  });
}

function spellsByPractice(members: Register['membersByPcn']): Map<string, Spell[]> {
  const spells = new Map<string, Spell[]>();
  for (const [pcnCode, list] of members)
    for (const { practiceCode, from, to } of list) {
      const of = spells.get(practiceCode);
      if (of) of.push({ pcnCode, from, to });
      else spells.set(practiceCode, [{ pcnCode, from, to }]);
    }
  return spells;
}

const countOpen = ({ organisations }: Register, kind: Organisation['kind'], on: LondonDate): number =>
  [...organisations.values()].filter((o) => o.kind === kind && (o.closeOn === null || o.closeOn > on)).length;

function countMembers({ membersByPcn }: Register, on: LondonDate): number {
  let members = 0;
  for (const list of membersByPcn.values())
    for (const spell of list) if (periodContains(spell, on)) members++;
  return members;
}
