import { type Declaration, UNSIGNED } from '../core/declaration.js';
import { obstacleTo } from '../core/obstacles.js';
import { notLate } from '../periods/late.js';
import { financeStep, tierDue } from './policy.js';
import type { RefusalCode } from '../core/refusals.js';
import type { Discarded, StimulusOf } from '../core/stimulus.js';
import type { Why, Work } from '../core/work.js';

/** A signature or a refusal of one stage, checked again where it takes effect (rule 8). */
export function applySignature(work: Work, d: Declaration, s: StimulusOf<'signature'>): void {
  if (s.discarded) {
    if (s.answered) return;
    giveUp(work, d, s.approvalVersion, s.discarded);
    return work.refuse('EVENT_DISCARDED');
  }
  if (s.approvalVersion <= d.approvalVersion) {
    // It came a second time; or the signer's database was restored and counts anew, and then it needs an answer.
    if (!s.answered) work.refuse('SIGNATURE_OUT_OF_ORDER');
    return;
  }
  const refusal = whyNotSigned(d, s);
  if (refusal) {
    work.set(d, { approvalVersion: s.approvalVersion });
    return work.refuse(refusal);
  }
  const why = {
    actor: s.stage,
    personId: s.personId,
    forOrganisation: s.forOrganisation,
    reason: s.reason,
    approvalId: s.approvalId,
  } as const;
  const { approvalVersion } = s;
  if (s.decision === 'refuse')
    work.take(d, 'refuse', why, {
      approvalVersion,
      ...UNSIGNED,
      ...(s.stage === 'finance' ? sentBack(d) : notLate(d)),
      systemWaits: true,
    });
  else if (s.stage === 'commissioner') signTier(work, d, s, why);
  else
    work.take(d, financeStep(d), why, {
      approvalVersion,
      financeSignedBy: s.personId,
    });
}

/** Nobody can read what was signed: it counts as answered, and whatever is signed next stands above it. */
export const applyLostSignature = (work: Work, d: Declaration, s: StimulusOf<'signature-lost'>): void =>
  giveUp(work, d, s.approvalVersion ?? d.approvalVersion + 1, s.discarded);

/** The history keeps who gave it up and why. It names no approval, because none was applied. */
function giveUp(work: Work, d: Declaration, approvalVersion: number, { who, why }: Discarded): void {
  work.note(
    d,
    'record-change',
    { actor: 'system', personId: who, code: 'EVENT_DISCARDED', reason: why },
    { approvalVersion: Math.max(d.approvalVersion, approvalVersion) },
  );
}

const signersOf = (d: Declaration): string[] =>
  [...new Set([d.commissionerSignedBy, ...d.commissionerSignatures.map(({ personId }) => personId)])].filter(
    (personId): personId is string => personId !== null,
  );

/** One stage back: what was declared stays declared, and who signed for the commissioner may not sign it for finance. */
const sentBack = (d: Declaration): Partial<Declaration> => ({
  declaredBy: d.declaredBy,
  setAsideSigners: [...d.setAsideSigners, ...signersOf(d)],
});

/** One tier of the commissioner's route; the last one passes it on to finance. */
function signTier(work: Work, d: Declaration, s: StimulusOf<'signature'>, why: Why): void {
  const { personId, approvalVersion } = s;
  const signature = { tier: tierDue(d)!.name, personId, at: work.context.now.toISOString() };
  const signed = {
    approvalVersion,
    commissionerSignedBy: personId,
    commissionerSignatures: [...d.commissionerSignatures, signature],
  };
  if (tierDue({ ...d, ...signed }) === null) work.take(d, 'approve', why, signed);
  else work.note(d, 'approve-tier', { ...why, code: signature.tier }, signed);
}

const STATUS_OF_STAGE = {
  commissioner: 'AWAITING_COMMISSIONER_APPROVAL',
  finance: 'AWAITING_FINANCE_APPROVAL',
} as const;

function whyNotSigned(d: Declaration, s: StimulusOf<'signature'>): RefusalCode | null {
  if (s.declarationVersion !== d.declarationVersion) return 'VERSION_SUPERSEDED';
  if (d.status !== STATUS_OF_STAGE[s.stage]) return 'WRONG_STAGE';
  if (s.forOrganisation !== d.commissionerCode) return 'WRONG_COMMISSIONER';
  // Sending it back leads away from payment: neither a hold nor four-eyes stands in its way.
  if (s.decision === 'refuse') return null;
  if (s.stage === 'commissioner' && !isForTierDue(d, s.tier ?? null)) return 'TIER_NOT_DUE';
  if (hasSigned(d, s.personId)) return 'SAME_PERSON';
  if (s.stage === 'finance' && d.setAsideSigners.includes(s.personId)) return 'SAME_PERSON';
  return obstacleTo(d, s);
}

/** A signature that names no tier was given by somebody with APPROVAL_MANAGEMENT. */
function isForTierDue(d: Declaration, tier: string | null): boolean {
  const due = tierDue(d);
  return due !== null && (tier === null ? due.role === 'APPROVAL_MANAGEMENT' : due.name === tier);
}

/** Four-eyes over the declaration and every tier (rule 8). */
const hasSigned = (d: Declaration, personId: string): boolean =>
  personId === d.declaredBy ||
  personId === d.commissionerSignedBy ||
  d.commissionerSignatures.some((signature) => signature.personId === personId);
