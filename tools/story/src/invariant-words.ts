// An invariant and its evidence for people: one line, in words.
import type { Invariants } from '@attest/invariants/index';
import type { Verdict } from '@attest/invariants/verdict';
import { count, number, pounds } from './words.js';

type Words = Readonly<Record<string, string>>;

/** What is counted, in the singular; everything else reads well as `12 sealed`. */
const COUNTED: Words = {
  approvals: 'approval',
  lines: 'line',
  accounts: 'account',
  files: 'file',
  runs: 'payment run',
  declarations: 'declaration',
  statusSteps: 'change of status',
  historyRows: 'history row',
  auditEntries: 'audit entry',
  pendingSignatures: 'pending signature',
  parkedKeys: 'parked key',
  qofResults: 'QOF result',
  qofTotals: 'QOF total',
  itemOfService: 'fee per item',
  pcn: 'network figure',
  linesThatDependOnAChange: 'line that depends on a change',
};
const MANY: Words = {
  'change of status': 'changes of status',
  'audit entry': 'audit entries',
  'fee per item': 'fees per item',
  'line that depends on a change': 'lines that depend on a change',
};
const AMOUNTS: Words = { filePence: 'in files', agencyPence: 'by the agency’s own book' };
const LABELS: Words = {
  releasing: 'half released',
  settled: 'everything read',
  adjusted: 'with an adjustment',
};
/** Taken over less taken off: the open debt with another sign, which a person would take for what was recovered. */
const NETTED = 'nettedPence';

/** As a person would say them; the exact rule of each is what it says of itself. */
const PLAINLY: Words = {
  I1: 'every approval is paid in exactly one file, is nil, or visibly waits',
  I2: 'nothing is paid twice',
  I3: 'nothing is paid without everybody’s signature, each by another person',
  I4: 'the money adds up: figures, files and the agency’s answers',
  I5: 'a sealed file never changes',
  I6: 'every step was allowed and is recorded, and the audit chain is whole',
  I7: 'everything was read in order, and every reader knows the newest state',
  I8: 'figures equal a second calculation from their source',
  I9: 'nothing is paid over a practice’s move that was known before',
  I10: 'nothing is stuck',
};

export const invariantsInWords = (invariants: Partial<Invariants>): string[] =>
  Object.entries(invariants).map(([id, one]) => invariantInWords(id, one));

/** One line: short while it holds, with the exact rule where it does not. */
export function invariantInWords(id: string, { holds, says, evidence }: Verdict): string {
  const plainly = PLAINLY[id] ?? says;
  const rule = holds || plainly === says ? plainly : `${plainly} (${says})`;
  return `${holds ? 'holds ' : 'BROKEN'}  ${id.padEnd(3)}  ${rule}: ${evidenceInWords(evidence)}`;
}

/** Lists of what is wrong are silent while they are empty. */
function evidenceInWords(evidence: Verdict['evidence']): string {
  return Object.entries(evidence)
    .filter(([key]) => key !== NETTED)
    .map(([key, value]) => inWords(key, value))
    .filter(Boolean)
    .join(', ');
}

function inWords(key: string, value: unknown): string {
  const one = COUNTED[key];
  if (typeof value === 'number') return one ? count(value, one, MANY[one]) : `${number(value)} ${words(key)}`;
  if (/Pence$/.test(key)) return `${pounds(String(value))} ${AMOUNTS[key] ?? words(key.slice(0, -5))}`;
  if (typeof value === 'boolean') return value ? words(key) : `not ${words(key)}`;
  if (Array.isArray(value))
    return value.length > 0 ? `${words(key)}: ${value.map(oneInWords).join('; ')}` : '';
  if (typeof value === 'object' && value !== null) {
    const differing = Object.entries(value).filter(([, n]) => n !== 0);
    return differing.length > 0
      ? `${words(key)}: ${differing.map(([name, n]) => `${name} ${oneInWords(n)}`).join('; ')}`
      : `0 ${words(key)}`;
  }
  return `${words(key)} ${String(value)}`;
}

/** A fault may have its own words, as those of the audit chains have. */
function oneInWords(one: unknown): string {
  if (typeof one === 'number') return number(one);
  if (typeof one !== 'object' || one === null) return String(one);
  const { words: said, code, ...where } = one as Readonly<Record<string, unknown>>;
  return `${Object.values(where).join(' ')}: ${said ?? code}`;
}

const words = (key: string) => LABELS[key] ?? key.replace(/([A-Z])/g, ' $1').toLowerCase();
