// One pass over the topics, kept as small as the checks allow: a month says half a million things.
import { readTopics } from './evidence.mjs';
import { isInTable } from './transition-table.mjs';

/** @param {import('kafkajs').Kafka} kafka */
export async function readHistory(kafka) {
  const history = {
    /** newest state by declaration id */
    newest: new Map(),
    /** what finance applied: by `declaration|version` */
    financeApproved: new Map(),
    settledNil: new Set(),
    reopenedAfter: new Map(),
    confirmed: [],
    signatures: new Map(),
    appliedSignatures: new Set(),
    refusedSignatures: new Set(),
    sealed: new Map(),
    acknowledged: new Map(),
    rejected: new Map(),
    runs: [],
    achievements: new Map(),
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
  );
  return history;
}

const note = {
  declarations(history, { type, data }) {
    if (type === 'approval.refused.v1') return void history.refusedSignatures.add(data.approvalId);
    const { declaration: d, fact } = data;
    const before = history.newest.get(d.declarationId);
    if (before && before.revision >= d.revision)
      history.outOfOrder.push(`${d.declarationId} ${before.revision} then ${d.revision}`);
    const from = before?.status ?? null;
    if (!isInTable(from, type, d.status)) history.notInTable.push(`${from} ${type} ${d.status}`);
    if (from !== d.status) history.statusSteps++;
    history.newest.set(d.declarationId, d);
    const identity = `${d.declarationId}|${d.declarationVersion}`;
    if (fact.approvalId) history.appliedSignatures.add(fact.approvalId);
    if (type === 'declaration.finance-approved.v1') history.financeApproved.set(identity, d);
    if (type === 'declaration.settled-nil.v1') history.settledNil.add(identity);
    if (type === 'declaration.reopened.v1') history.reopenedAfter.set(d.declarationId, d.declarationVersion);
    if (type === 'declaration.confirmed.v1') history.confirmed.push(d);
  },
  approvals(history, { data }) {
    history.signatures.set(data.approvalId, data);
  },
  payments(history, { type, data }) {
    const identity = `${data.declarationId}|${data.declarationVersion}|${data.attempt}`;
    if (type === 'payment.sealed.v1') history.sealed.set(identity, data);
    if (type === 'payment.acknowledged.v1') history.acknowledged.set(identity, data);
    if (type === 'payment.rejected.v1') history.rejected.set(identity, data);
    if (type === 'release-run.ended.v1') history.runs.push(data);
  },
  achievements(history, { type, data }) {
    if (type !== 'achievement.calculated.v1') return;
    const key = `${data.serviceCode}|${data.achievementDate}|${data.organisationCode}`;
    const revisions = history.achievements.get(key) ?? [];
    revisions.push(data);
    history.achievements.set(key, revisions);
  },
  'pcn-memberships'(history, { type, data }) {
    history.memberships.push({ type, ...data });
  },
};
