// One pass over the topics, kept as small as the checks allow: a month says half a million things.
import type { Kafka } from '@attest/messaging/kafka';
import type {
  AchievementCalculatedV1,
  AchievementNotApplicableV1,
  ApprovalRefusedV1,
  ApprovalSignedV1,
  ApprovalStageRefusedV1,
  DECLARATION_EVENTS,
  DeclarationState,
  PaymentAcknowledgedV1,
  PaymentNettedV1,
  PaymentRejectedV1,
  PaymentReturnedV1,
  PaymentSealedV1,
  ReleaseRunEndedV1,
} from '@attest/contracts';
import { readTopics, type Said, type SaidOf } from './evidence.js';
import { emptyHistory, type Asked, type Declaration, type History } from './history.js';
import { silent, type Progress } from './progress.js';
import { isInTable } from './transition-table.js';

export async function readHistory(kafka: Kafka, progress: Progress = silent): Promise<History> {
  const history = emptyHistory();
  const seenIds = new Set<string>();
  await readTopics(
    kafka,
    TOPICS,
    (topic, said) => {
      // The same event sent twice by a relay that died in between is one event.
      if (seenIds.has(said.id)) return;
      seenIds.add(said.id);
      NOTES[topic](history, said);
    },
    progress,
  );
  return history;
}

const TOPICS = ['declarations', 'approvals', 'payments', 'achievements'] as const;

/** Who takes notes of each topic; the topic tells what can be said on it. */
const NOTES: Record<(typeof TOPICS)[number], (history: History, said: Said) => void> = {
  declarations: (history, said) => noteDeclaration(history, said as DeclarationSaid),
  approvals: (history, said) => noteApproval(history, said as ApprovalSaid),
  payments: (history, said) => notePayment(history, said as PaymentSaid),
  achievements: (history, said) => noteAchievement(history, said as AchievementSaid),
};

type DeclarationSaid = SaidOf<(typeof DECLARATION_EVENTS)[number] | typeof ApprovalRefusedV1>;
type ApprovalSaid = SaidOf<typeof ApprovalSignedV1 | typeof ApprovalStageRefusedV1>;
type PaymentSaid = SaidOf<
  | typeof PaymentSealedV1
  | typeof PaymentNettedV1
  | typeof PaymentAcknowledgedV1
  | typeof PaymentRejectedV1
  | typeof PaymentReturnedV1
  | typeof ReleaseRunEndedV1
>;
type AchievementSaid = SaidOf<typeof AchievementCalculatedV1 | typeof AchievementNotApplicableV1>;

function whatChecksAskOf(declaration: DeclarationState): Declaration {
  const { declarationId, organisationCode, serviceCode, achievementDate, kind, status, revision } =
    declaration;
  const { declarationVersion, figureRevision, pence, declaredBy, holds, awaitingAggregation } = declaration;
  return {
    ...{ declarationId, organisationCode, serviceCode, achievementDate, kind, status, revision },
    ...{ declarationVersion, figureRevision, pence, declaredBy, holds, awaitingAggregation },
  };
}

/** A policy holds for the steps that are taken under it, so each step says what it asked for. */
function noteAsked(
  asked: Map<string, Asked>,
  version: string,
  type: DeclarationSaid['type'],
  { approvalRoute: route, declaredBy }: DeclarationState,
): void {
  const before = asked.get(version) ?? {};
  if (type === 'declaration.declared.v1' && declaredBy === null)
    asked.set(version, { ...before, declaration: route?.declaration ?? 'required' });
  if (type === 'declaration.approved.v1' && route)
    asked.set(version, { ...before, tiers: route.tiers.map((tier) => tier.name) });
  if (type === 'declaration.finance-approved.v1' && route)
    asked.set(version, { ...before, finance: route.finance });
}

function noteDeclaration(history: History, { type, data }: DeclarationSaid): void {
  // A freeze, a thaw or a signature that was refused is told in the same topic and is of no declaration.
  if (!('declaration' in data)) return;
  const { fact } = data;
  const d = whatChecksAskOf(data.declaration);
  const before = history.newest.get(d.declarationId);
  if (before && before.revision >= d.revision)
    history.outOfOrder.push(`${d.declarationId} ${before.revision} then ${d.revision}`);
  const from = before?.status ?? null;
  if (!isInTable(from, type, d.status)) history.notInTable.push(`${from} ${type} ${d.status}`);
  if (from !== d.status) history.statusSteps++;
  history.newest.set(d.declarationId, d);
  const version = `${d.declarationId}|${d.declarationVersion}`;
  if (fact.approvalId) history.appliedSignatures.add(fact.approvalId);
  if (type === 'declaration.finance-approved.v1') {
    history.financeApproved.set(version, d);
    history.reverted.delete(version);
  }
  if (type === 'declaration.reverted.v1') history.reverted.add(version);
  if (type === 'declaration.settled-nil.v1') history.settledNil.add(version);
  if (d.status === 'LAPSED' && fact.code === 'WITHDRAWN') history.withdrawn.add(d.declarationId);
  if (type === 'declaration.figure-kept.v1') history.kept.set(d.declarationId, d.figureRevision);
  if (fact.code === 'OVERRIDE_ENDED') history.kept.delete(d.declarationId);
  noteAsked(history.asked, version, type, data.declaration);
  if (type === 'declaration.confirmed.v1') history.confirmed.push({ ...d, runId: data.declaration.runId });
}

function noteApproval(history: History, { data }: ApprovalSaid): void {
  const { approvalId, declarationId, declarationVersion, stage, tier, personId } = data;
  const signature = { approvalId, declarationId, declarationVersion, stage, tier, personId };
  history.signatures.set(approvalId, signature);
}

function notePayment(history: History, said: PaymentSaid): void {
  if (said.type === 'release-run.ended.v1') return void history.runs.push(said.data);
  const { declarationId, declarationVersion, attempt, runId } = said.data;
  const identity = `${declarationId}|${declarationVersion}|${attempt}`;
  if (said.type === 'payment.netted.v1') {
    const { nettedPence: pence, agencyCode } = said.data;
    return void history.netted.set(identity, { declarationId, pence, agencyCode });
  }
  const { pence, agencyCode } = said.data;
  const line = { declarationId, pence, runId };
  if (said.type === 'payment.sealed.v1') {
    history.sealed.set(identity, line);
    const { nettedPence } = said.data;
    if (nettedPence) history.takenOff.set(identity, { pence: nettedPence, declarationId, agencyCode });
  }
  if (said.type === 'payment.acknowledged.v1') history.acknowledged.set(identity, line);
  if (said.type === 'payment.returned.v1') history.returned.set(identity, line);
  if (said.type === 'payment.rejected.v1' || said.type === 'payment.returned.v1') {
    history.rejected.set(identity, line);
    history.everRejected.add(declarationId);
  }
}

function noteAchievement(history: History, { type, data }: AchievementSaid): void {
  const key = `${data.serviceCode}|${data.achievementDate}|${data.organisationCode}`;
  if (type === 'achievement.not-applicable.v1')
    history.nothingToPay.set(key, Math.max(data.figureRevision, history.nothingToPay.get(key) ?? 0));
  if (type !== 'achievement.calculated.v1') return;
  const revisions = history.achievements.get(key) ?? [];
  const { figureRevision, pence, points, values, inputs } = data;
  revisions.push({
    figureRevision,
    pence,
    points,
    values: values.filter((value) => value.measure === 'ACHIEVED_POINTS'),
    inputs: inputs.filter((input) => input.source === 'pcn-membership'),
  });
  history.achievements.set(key, revisions);
}
