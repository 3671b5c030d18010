import type { LondonDate } from '@attest/calendar';
import type { Geography } from './geography.js';
import { standingOf } from './general-practice.js';
import { defaultPayee, type Organisation } from './organisation.js';
import type { PracticeRecord } from './records.js';
import { byCode, newestOf } from './newest.js';

/** Every practice that Attest knows, as its records tell, newest first. */
export function derivePractices(records: readonly PracticeRecord[], geography: Geography): Organisation[] {
  const practices: Organisation[] = [];
  for (const [code, oldestFirst] of byCode(records, (r) => r.practiceCode)) {
    if (standingOf(oldestFirst) === 'registered') practices.push(practiceOf(code, oldestFirst, geography));
  }
  return practices;
}

function practiceOf(
  code: string,
  oldestFirst: readonly PracticeRecord[],
  geography: Geography,
): Organisation {
  const name = newestOf(oldestFirst, (r) => r.name) ?? `Practice ${code}`;
  const commissionerCode = commissionerOf(oldestFirst, geography);
  return {
    code,
    kind: 'practice',
    name,
    commissionerCode,
    ancestors: geography.ancestorsUnder(commissionerCode),
    openOn: newestOf(oldestFirst, (r) => r.openOn),
    closeOn: closeOf(oldestFirst),
    payee: defaultPayee(code, name),
    listSizes: oldestFirst.flatMap(({ asAt, registeredPatients }) =>
      registeredPatients === null ? [] : [{ listSizeOn: asAt, registeredPatients }],
    ),
  };
}

/**
 * The newest file that names its ICB decides, the list of patients or a register that is newer than every list that
 * names the practice: a list that lacks it, or whose row of it cannot be read, moves it nowhere. A register goes on
 * naming ICBs that were abolished: those it names in vain. Else whoever now holds its sub-ICB; else the ICB it had,
 * though abolished.
 */
function commissionerOf(oldestFirst: readonly PracticeRecord[], geography: Geography): string | null {
  const register = oldestFirst.filter((r) => r.source === 'practices' && r.icbCode !== null).at(-1);
  const listed = oldestFirst.filter((r) => r.source === 'practice-pcn-icb');
  const listedAt = newestOf(listed, (r) => (r.icbCode === null ? null : r.asAt));
  if (register && geography.isOpen(register.icbCode!)) {
    const newer = listedAt === null ? geography.isNewerThanLists(register.asAt) : register.asAt > listedAt;
    if (newer) return register.icbCode;
  }
  return (
    newestOf(listed, (r) => r.icbCode) ??
    geography.holderOf(newestOf(oldestFirst, (r) => r.subIcbCode)) ??
    newestOf(oldestFirst, (r) => r.icbCode)
  );
}

/** The day from which each closed practice is no member of any PCN; those that are open are left out. */
export function closedPractices(records: readonly PracticeRecord[]): Map<string, LondonDate> {
  const closed = new Map<string, LondonDate>();
  for (const [code, oldestFirst] of byCode(records, (r) => r.practiceCode)) {
    const closeOn = closeOf(oldestFirst);
    if (closeOn !== null) closed.set(code, closeOn);
  }
  return closed;
}

/** A closing date holds unless a newer file finds patients registered there; 0 patients are none. */
function closeOf(oldestFirst: readonly PracticeRecord[]): LondonDate | null {
  const register = oldestFirst.filter((r) => r.source === 'practices').at(-1);
  if (!register || register.closeOn === null) return null;
  const { closeOn } = register;
  const stillThere = oldestFirst.some(
    (r) => (r.registeredPatients ?? 0) > 0 && r.asAt > register.asAt && r.asAt >= closeOn,
  );
  return stillThere ? null : closeOn;
}
