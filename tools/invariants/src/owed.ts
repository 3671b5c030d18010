// A part of I4 that asks the figures, not the declarations: what was paid and is stated comes to what was calculated.
import type { SealedFile } from './evidence.js';
import type { Declaration, Figure, History } from './history.js';
import type { Evidence } from './month.js';

/**
 * Of each achievement, all its declarations together come to its newest figure; a difference is there only as far as
 * somebody withdrew an adjustment for it. And no adjustment moved anything that was not owed when it was stated, so that
 * what was withdrawn is not paid the other way.
 * @param nettedOf what recoveries took of each declaration
 */
export function achievementsAddUp({
  history,
  files,
  nettedOf,
}: Pick<Evidence, 'history' | 'files'> & { readonly nettedOf: ReadonlyMap<string, bigint> }): string[] {
  const wrong: string[] = [];
  const sealed = sealedOf(files, history.rejected);
  const claimOf = (d: Declaration) =>
    claim(d, sealed.get(d.declarationId) ?? 0n, nettedOf.get(d.declarationId) ?? 0n);
  const waivedBy = (d: Declaration) =>
    d.kind === 'adjustment' && history.withdrawn.has(d.declarationId)
      ? BigInt(d.pence) - (nettedOf.get(d.declarationId) ?? 0n)
      : 0n;
  for (const [key, family] of familiesOf(history.newest.values())) {
    // What becomes of a line decides first what its achievement is owed.
    if (family.some(({ status }) => status === 'RELEASING' || status === 'REJECTED_BY_AGENCY')) continue;
    const stated = sum(family.map(claimOf));
    const waived = (owed: bigint) => sum(family.map(waivedBy).filter((pence) => pence < 0n === owed < 0n));
    const owed = entitlementsOf(history, key, family).map((entitled) => entitled - stated);
    const [away = 0n] = owed;
    if (owed.every((left) => left !== 0n && !isWithin(left, waived(left))))
      wrong.push(`${key}: ${stated} paid or stated, ${away} away from its figure, ${waived(away)} waived`);
    for (const d of family.filter((one) => movedWhatWasNotOwed(history, key, family, one, claimOf)))
      wrong.push(`${key}: ${d.declarationId} moved ${d.pence}, which was not owed`);
  }
  return wrong;
}

const sum = (pence: readonly bigint[]) => pence.reduce((total, one) => total + one, 0n);
/** Between nothing and `most`, of the same sign. */
const isWithin = (pence: bigint, most: bigint) => (pence < 0n ? most <= pence : pence <= most && most >= 0n);

function claim(d: Declaration, sealedPence: bigint, nettedPence: bigint): bigint {
  if (['SENT_TO_AGENCY', 'PAID'].includes(d.status)) return sealedPence + nettedPence;
  return d.status === 'LAPSED' ? nettedPence : BigInt(d.pence);
}

/** What stands in files and was not rejected, by declaration. */
function sealedOf(files: readonly SealedFile[], rejected: History['rejected']): Map<string, bigint> {
  const sealed = new Map<string, bigint>();
  for (const line of files.flatMap(({ lines }) => lines)) {
    const { declaration_id: id, declaration_version: version, attempt, amount_pence: pence } = line;
    if (!rejected.has(`${id}|${version}|${attempt}`)) sealed.set(id, (sealed.get(id) ?? 0n) + BigInt(pence));
  }
  return sealed;
}

function familiesOf(declarations: Iterable<Declaration>): Map<string, Declaration[]> {
  const families = new Map<string, Declaration[]>();
  for (const d of declarations) {
    const key = `${d.serviceCode}|${d.achievementDate}|${d.organisationCode}`;
    families.set(key, [...(families.get(key) ?? []), d]);
  }
  return families;
}

/** The newest figure; where an earlier one was kept and signed for, that one may count. Withdrawn: nothing. */
function entitlementsOf(history: History, key: string, family: readonly Declaration[]): bigint[] {
  if (isWithdrawn(history, family)) return [0n];
  const figures = history.achievements.get(key) ?? [];
  const newest = figures.reduce<Pick<Figure, 'figureRevision' | 'pence'>>(
    (one, other) => (other.figureRevision > one.figureRevision ? other : one),
    { figureRevision: history.nothingToPay.get(key) ?? 0, pence: '0' },
  );
  const kept = figures.filter(({ figureRevision }) =>
    family.some((d) => history.kept.get(d.declarationId) === figureRevision),
  );
  return [newest, ...kept].map(({ pence }) => BigInt(pence));
}

function isWithdrawn(history: History, family: readonly Declaration[]): boolean {
  const mains = family.filter(({ kind }) => kind === 'achievement');
  return (
    mains.length > 0 &&
    mains.every(({ status }) => status === 'LAPSED') &&
    mains.some(({ declarationId }) => history.withdrawn.has(declarationId))
  );
}

/**
 * Beside a line that was rejected what was owed then cannot be told from how it ended; everywhere else what was opened
 * before (identifiers grow with time) stands as it stood. A waiver makes an adjustment smaller, never another.
 */
function movedWhatWasNotOwed(
  history: History,
  key: string,
  family: readonly Declaration[],
  d: Declaration,
  claimOf: (d: Declaration) => bigint,
): boolean {
  if (d.kind !== 'adjustment' || !['SENT_TO_AGENCY', 'PAID'].includes(d.status)) return false;
  if (isWithdrawn(history, family) || family.some((one) => history.everRejected.has(one.declarationId)))
    return false;
  const figure = history.achievements
    .get(key)
    ?.find(({ figureRevision }) => figureRevision === d.figureRevision);
  const before = family.filter(({ declarationId }) => declarationId < d.declarationId);
  return !isWithin(BigInt(d.pence), BigInt(figure?.pence ?? 0) - sum(before.map(claimOf)));
}
