// I1-I5: money leaves once, signed by three people, and adds up.
import { stateOf, type Asked, type Declaration, type History } from './history.js';
import type { Evidence } from './month.js';
import { achievementsAddUp } from './owed.js';
import { verdict } from './verdict.js';

type MoneyMoved = Pick<Evidence, 'history' | 'files'>;

/** I1: each approval that was applied is in exactly one sealed file, or is nil, superseded, taken back, or visibly waits. */
export function appliedApprovalsArriveOnce({ history, files }: MoneyMoved) {
  const linesOf = new Map<string, number>();
  // Settled in a run without a line counts as its line.
  for (const identity of history.netted.keys()) {
    const [id, version] = identity.split('|');
    linesOf.set(`${id}|${version}`, 1);
  }
  for (const { lines } of files) {
    for (const line of lines) {
      const identity = `${line.declaration_id}|${line.declaration_version}|${line.attempt}`;
      if (history.rejected.has(identity)) continue;
      const key = `${line.declaration_id}|${line.declaration_version}`;
      linesOf.set(key, (linesOf.get(key) ?? 0) + 1);
    }
  }
  let sealed = 0;
  let superseded = 0;
  let waiting = 0;
  let takenBack = 0;
  const lost: string[] = [];
  for (const [key, approved] of history.financeApproved) {
    const lines = linesOf.get(key) ?? 0;
    const now = stateOf(history, approved.declarationId);
    // Taken back in a freeze, its version stands until it is declared again; nothing of it may be paid.
    const reverted = history.reverted.has(key);
    if (lines === 0 && reverted) takenBack++;
    else if (lines === 1 && !reverted) sealed++;
    else if (lines === 0 && now.declarationVersion > approved.declarationVersion) superseded++;
    else if (lines === 0 && ['FINANCIALLY_APPROVED', 'REJECTED_BY_AGENCY', 'LAPSED'].includes(now.status))
      waiting++;
    else lost.push(`${key}: ${lines} lines, now ${now.status}`);
  }
  return verdict(
    lost.length === 0,
    'each applied approval is sealed once, nil, superseded, taken back or waits',
    {
      approvals: history.financeApproved.size,
      sealed,
      nil: history.settledNil.size,
      superseded,
      takenBack,
      waiting,
      lost: lost.slice(0, 3),
    },
  );
}

/** I2: no identity twice across all files; attempt n + 1 only after n was finally rejected. */
export function nothingIsPaidTwice({ history, files }: MoneyMoved) {
  const seen = new Set<string>();
  const twice: string[] = [];
  const early: string[] = [];
  for (const { lines } of files) {
    for (const { declaration_id: id, declaration_version: version, attempt } of lines) {
      const identity = `${id}|${version}|${attempt}`;
      if (seen.has(identity)) twice.push(identity);
      seen.add(identity);
      if (Number(attempt) > 1 && !history.rejected.has(`${id}|${version}|${Number(attempt) - 1}`))
        early.push(identity);
    }
  }
  return verdict(
    twice.length + early.length === 0 && seen.size > 0,
    'no (declaration, version, attempt) stands twice in all files',
    {
      lines: seen.size,
      twice: twice.slice(0, 3),
      withoutRejection: early.slice(0, 3),
    },
  );
}

/** I3: nothing is confirmed without every signature, by different people, on that version, with no hold. */
export function confirmedOnlyWhenSigned({ history }: Pick<Evidence, 'history'>) {
  const applied = new Map<string, string>();
  for (const signature of history.signatures.values()) {
    if (!history.appliedSignatures.has(signature.approvalId)) continue;
    const { declarationId, declarationVersion, stage, tier, personId } = signature;
    // Of a stage that was sent back and signed again the last one counts.
    applied.set(`${declarationId}|${declarationVersion}|${stage}|${tier ?? ''}`, personId);
  }
  const unsigned: string[] = [];
  for (const d of history.confirmed) {
    const people = signersOf(d, history.asked, applied);
    const signed = people.every(Boolean) && new Set(people).size === people.length;
    if (!signed || d.holds.length > 0 || d.awaitingAggregation) unsigned.push(d.declarationId);
  }
  return verdict(
    unsigned.length === 0 && history.confirmed.length > 0,
    'every confirmed version has each declaration and signature that its route demands, by different people, unheld',
    {
      confirmed: history.confirmed.length,
      unsigned: unsigned.slice(0, 3),
    },
  );
}

/** Whoever its route demanded, in the steps that it took; undefined where somebody is missing. */
function signersOf(
  d: Declaration,
  asked: ReadonlyMap<string, Asked>,
  applied: ReadonlyMap<string, string>,
): (string | null | undefined)[] {
  const identity = `${d.declarationId}|${d.declarationVersion}`;
  const { declaration = 'required', tiers, finance = 'required' } = asked.get(identity) ?? {};
  const byTier = (tier: string) => applied.get(`${identity}|commissioner|${tier}`);
  return [
    ...(declaration === 'required' ? [d.declaredBy] : []),
    ...(tiers
      ? tiers.map((tier) => byTier(tier) ?? (tiers.length === 1 ? byTier('') : undefined))
      : [byTier('')]),
    ...(finance === 'required' ? [applied.get(`${identity}|finance|`)] : []),
  ];
}

/** Of one provider and service, in pence. */
interface Account {
  entitled: bigint;
  sealed: bigint;
  rejected: bigint;
  waiting: bigint;
  netted: bigint;
  outside: bigint;
}

/** I4: what was owed is what was sealed less rejected, plus what waits; files, control totals and answers agree. */
export function moneyAddsUp({
  history,
  files,
  agencyLedger,
  openDebts,
}: MoneyMoved & Pick<Evidence, 'agencyLedger' | 'openDebts'>) {
  const wrong: string[] = [];
  const accounts = new Map<string, Account>();
  const accountOf = (provider: string, service: string): Account => {
    const key = `${provider}|${service}`;
    const account = accounts.get(key) ?? {
      ...{ entitled: 0n, sealed: 0n, rejected: 0n },
      ...{ waiting: 0n, netted: 0n, outside: 0n },
    };
    accounts.set(key, account);
    return account;
  };
  let total = 0n;
  let answered = 0n;
  let unanswered = 0n;
  for (const { manifest, lines } of files) {
    let sum = 0n;
    for (const line of lines) {
      const pence = BigInt(line.amount_pence);
      const identity = `${line.declaration_id}|${line.declaration_version}|${line.attempt}`;
      const account = accountOf(line.provider_code, line.service_code);
      sum += pence;
      account.sealed += pence;
      if (history.rejected.has(identity)) account.rejected += pence;
      if (history.rejected.has(identity) || history.acknowledged.has(identity)) answered += pence;
      else unanswered += pence;
      if (pence <= 0n) wrong.push(`${identity}: a line of ${pence} pence`);
    }
    total += sum;
    if (sum !== BigInt(manifest.totalPence) || lines.length !== manifest.lines)
      wrong.push(`${manifest.fileName}: control totals differ`);
  }
  // Of a recovery: what was taken over, debts included; so an open debt stands on both sides and cancels here.
  const nettedOf = new Map<string, bigint>();
  for (const { declarationId, pence } of [...history.takenOff.values(), ...history.netted.values()])
    nettedOf.set(declarationId, (nettedOf.get(declarationId) ?? 0n) + BigInt(pence));
  for (const d of history.newest.values()) {
    const mine = accountOf(d.organisationCode, d.serviceCode);
    const netted = nettedOf.get(d.declarationId) ?? 0n;
    mine.netted += netted;
    if (d.status === 'SETTLED_OUTSIDE') {
      mine.entitled += BigInt(d.pence);
      mine.outside += BigInt(d.pence) - netted;
    } else if (['PAID', 'SENT_TO_AGENCY', 'RELEASING'].includes(d.status)) mine.entitled += BigInt(d.pence);
    else if (['FINANCIALLY_APPROVED', 'REJECTED_BY_AGENCY'].includes(d.status)) {
      mine.entitled += BigInt(d.pence);
      mine.waiting += BigInt(d.pence) - netted;
    } else mine.entitled += netted;
  }
  for (const [key, { entitled, sealed, rejected, waiting, netted, outside }] of accounts) {
    if (entitled !== sealed - rejected + waiting + netted + outside)
      wrong.push(
        `${key}: entitled ${entitled}, sealed ${sealed}, rejected ${rejected}, waiting ${waiting}, netted ${netted}, outside ${outside}`,
      );
  }
  wrong.push(...achievementsAddUp({ history, files, nettedOf }));
  const debts = openDebtsByEvents(history);
  for (const { provider, agency, pence } of openDebts) {
    const key = `${provider}|${agency}`;
    if ((debts.get(key) ?? 0n) !== BigInt(pence))
      wrong.push(`${key}: owes ${debts.get(key) ?? 0n} by what was told, ${pence} by its debts`);
    debts.delete(key);
  }
  for (const [key, pence] of debts) if (pence !== 0n) wrong.push(`${key}: owes ${pence} and has no debt`);
  const netted = [...nettedOf.values()].reduce((sum, pence) => sum + pence, 0n);
  const agency = agencyLedger ? { agencyPence: agencyLedger.acceptedPence } : {};
  for (const identity of history.returned.keys())
    if (!history.acknowledged.has(identity)) wrong.push(`${identity}: returned, and never acknowledged`);
  const kept = [...history.acknowledged].filter(([identity]) => !history.returned.has(identity));
  const paid = kept.reduce((sum, [, line]) => sum + BigInt(line.pence), 0n);
  if (agencyLedger && BigInt(agencyLedger.acceptedPence) !== paid)
    wrong.push(`the agency paid ${agencyLedger.acceptedPence}, we know of ${paid}`);
  return verdict(
    wrong.length === 0 && total === answered + unanswered,
    'figures less what was waived + open debt = sealed - rejected + waiting + settled outside; lines = control totals = answers',
    {
      accounts: accounts.size,
      filePence: total.toString(),
      answeredPence: answered.toString(),
      unansweredPence: unanswered.toString(),
      paidPence: paid.toString(),
      nettedPence: netted.toString(),
      openDebtPence: openDebts.reduce((sum, { pence }) => sum + BigInt(pence), 0n).toString(),
      ...agency,
      wrong: wrong.slice(0, 3),
    },
  );
}

/** Recoveries taken over less what they took off payments, by provider and agency: nobody else's payment counts. */
function openDebtsByEvents(history: History): Map<string, bigint> {
  const debts = new Map<string, bigint>();
  for (const { declarationId, agencyCode, pence } of [
    ...history.takenOff.values(),
    ...history.netted.values(),
  ]) {
    const key = `${stateOf(history, declarationId).organisationCode}|${agencyCode}`;
    debts.set(key, (debts.get(key) ?? 0n) - BigInt(pence));
  }
  return debts;
}

/** I5: a sealed file never changes. */
export function sealedFilesStand({ history, files }: MoneyMoved) {
  const sealed = new Map(
    history.runs.flatMap((run) => run.files.map((file) => [file.fileName, file.sha256])),
  );
  const changed = files
    .filter(({ manifest, sha256 }) => sha256 !== manifest.sha256 || sha256 !== sealed.get(manifest.fileName))
    .map(({ manifest }) => manifest.fileName);
  return verdict(
    changed.length === 0 && files.length === sealed.size && files.length > 0,
    'every file has the SHA-256 that was announced when it was sealed',
    {
      files: files.length,
      announced: sealed.size,
      changed,
    },
  );
}
