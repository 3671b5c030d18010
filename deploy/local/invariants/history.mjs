// One pass over the topics, kept as small as the checks allow: a month says half a million things.
import { readTopics } from './evidence.mjs';
import { silent } from '../story/progress.mjs';
import { isInTable } from './transition-table.mjs';

/** @param {import('@attest/messaging/kafka').Kafka} kafka @param {import('../story/progress.mjs').Progress} [progress] */
export async function readHistory(kafka, progress = silent) {
  const history = {
    /** newest state by declaration id */
    newest: new Map(),
    /** what finance applied: by `declaration|version` */
    financeApproved: new Map(),
    settledNil: new Set(),
    /** whose signatures were taken back while its period was frozen, and not signed again: by identity */
    reverted: new Set(),
    reopenedAfter: new Map(),
    confirmed: [],
    /** what each version was asked for when it took its step, where that is not the usual: by `declaration|version` */
    asked: new Map(),
    signatures: new Map(),
    appliedSignatures: new Set(),
    refusedSignatures: new Set(),
    sealed: new Map(),
    acknowledged: new Map(),
    /** rejected at once, or returned after they were paid: nothing of these lines was paid */
    rejected: new Map(),
    returned: new Map(),
    /** settled in a run without a line, and what recoveries took off lines: by identity */
    netted: new Map(),
    takenOff: new Map(),
    runs: [],
    achievements: new Map(),
    /** the newest revision that says so, by achievement */
    nothingToPay: new Map(),
    /** what its commissioner ended, and the revision of a figure that was kept: by declaration id */
    withdrawn: new Set(),
    kept: new Map(),
    /** a line of it was rejected, whatever became of it */
    everRejected: new Set(),
    memberships: [],
    outOfOrder: [],
    notInTable: [],
    events: {},
    statusSteps: 0,
  };
  const seenIds = new Set();
  await readTopics(
    kafka,
    ['declarations', 'approvals', 'payments', 'achievements', 'pcn-memberships'],
    (topic, said) => {
      // The same event sent twice by a relay that died in between is one event.
      if (seenIds.has(said.id)) return;
      seenIds.add(said.id);
      history.events[said.type] = (history.events[said.type] ?? 0) + 1;
      note[topic](history, said);
    },
    progress,
  );
  return history;
}

/** Of a declaration, what the checks ask for: whole, half a million of them would fill the memory. */
function stateOf(declaration) {
  const { declarationId, organisationCode, serviceCode, achievementDate, kind, status, revision } =
    declaration;
  const { declarationVersion, figureRevision, pence, declaredBy, holds, awaitingAggregation } = declaration;
  return {
    ...{ declarationId, organisationCode, serviceCode, achievementDate, kind, status, revision },
    ...{ declarationVersion, figureRevision, pence, declaredBy, holds, awaitingAggregation },
  };
}

/** A policy holds for the steps that are taken under it, so each step says what it asked for. */
function noteAsked(asked, identity, type, { approvalRoute: route, declaredBy }) {
  const before = asked.get(identity) ?? {};
  if (type === 'declaration.declared.v1' && declaredBy === null)
    asked.set(identity, { ...before, declaration: route?.declaration ?? 'required' });
  if (type === 'declaration.approved.v1' && route)
    asked.set(identity, { ...before, tiers: route.tiers.map((tier) => tier.name) });
  if (type === 'declaration.finance-approved.v1' && route)
    asked.set(identity, { ...before, finance: route.finance });
}

const note = {
  declarations(history, { type, data }) {
    if (type === 'approval.refused.v1') return void history.refusedSignatures.add(data.approvalId);
    // A freeze or a thaw is told in the same topic and is of no declaration.
    if (!data.declaration) return;
    const { fact } = data;
    const d = stateOf(data.declaration);
    const before = history.newest.get(d.declarationId);
    if (before && before.revision >= d.revision)
      history.outOfOrder.push(`${d.declarationId} ${before.revision} then ${d.revision}`);
    const from = before?.status ?? null;
    if (!isInTable(from, type, d.status)) history.notInTable.push(`${from} ${type} ${d.status}`);
    if (from !== d.status) history.statusSteps++;
    history.newest.set(d.declarationId, d);
    const identity = `${d.declarationId}|${d.declarationVersion}`;
    if (fact.approvalId) history.appliedSignatures.add(fact.approvalId);
    if (type === 'declaration.finance-approved.v1') {
      history.financeApproved.set(identity, d);
      history.reverted.delete(identity);
    }
    if (type === 'declaration.reverted.v1') history.reverted.add(identity);
    if (type === 'declaration.settled-nil.v1') history.settledNil.add(identity);
    if (type === 'declaration.reopened.v1') history.reopenedAfter.set(d.declarationId, d.declarationVersion);
    if (d.status === 'LAPSED' && fact.code === 'WITHDRAWN') history.withdrawn.add(d.declarationId);
    if (type === 'declaration.figure-kept.v1') history.kept.set(d.declarationId, d.figureRevision);
    if (fact.code === 'OVERRIDE_ENDED') history.kept.delete(d.declarationId);
    noteAsked(history.asked, identity, type, data.declaration);
    if (type === 'declaration.confirmed.v1') {
      history.confirmed.push({ ...d, runId: data.declaration.runId });
    }
  },
  approvals(history, { data }) {
    const { approvalId, declarationId, declarationVersion, stage, tier, personId } = data;
    const signature = { approvalId, declarationId, declarationVersion, stage, tier, personId };
    history.signatures.set(approvalId, signature);
  },
  payments(history, { type, data }) {
    const identity = `${data.declarationId}|${data.declarationVersion}|${data.attempt}`;
    const { declarationId, pence, runId, agencyCode } = data;
    const line = { declarationId, pence, runId };
    if (type === 'payment.sealed.v1') history.sealed.set(identity, line);
    if (type === 'payment.sealed.v1' && data.nettedPence)
      history.takenOff.set(identity, { pence: data.nettedPence, declarationId, agencyCode });
    if (type === 'payment.netted.v1')
      history.netted.set(identity, {
        declarationId,
        pence: data.nettedPence,
        agencyCode,
      });
    if (type === 'payment.acknowledged.v1') history.acknowledged.set(identity, line);
    if (type === 'payment.returned.v1') history.returned.set(identity, line);
    if (type === 'payment.rejected.v1' || type === 'payment.returned.v1') {
      history.rejected.set(identity, line);
      history.everRejected.add(declarationId);
    }
    if (type === 'release-run.ended.v1') history.runs.push(data);
  },
  achievements(history, { type, data }) {
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
  },
  'pcn-memberships'(history, { type, data }) {
    history.memberships.push({ type, ...data });
  },
};
