// I9: no declaration pays over a membership change that was committed before the run's barrier.
import { stateOf } from './history.js';
import type { Evidence } from './month.js';
import type { Services } from './services.js';
import { verdict } from './verdict.js';

interface Run {
  readonly run_id: string;
  readonly barrier_id: string;
}
interface MembershipChange {
  readonly pcn: string;
  readonly version: string;
  readonly changed_from: string;
  readonly changed_to: string | null;
}

export async function nothingIsPaidOverAChange({
  history,
  world,
  files,
}: Pick<Evidence, 'history' | 'files'> & { readonly world: Pick<Services, 'rows'> }) {
  // Barriers as organisations saw them: what was visible in the snapshot was committed before.
  const runs = await world.rows<Run>(
    'payment-export',
    `SELECT run_id, barrier_id FROM release_run WHERE barrier_id IS NOT NULL`,
  );
  // What a line pays need not be what its figure says: recoveries reduce it, and an adjustment pays a difference.
  const madeFrom = new Map(history.confirmed.map((d) => [`${d.declarationId}|${d.runId}`, d.figureRevision]));
  const paidOver: string[] = [];
  let checked = 0;
  const late = new Set<string>();
  for (const { run_id, barrier_id } of runs) {
    const before = await world.rows<MembershipChange>(
      'organisations',
      `SELECT a.key AS pcn, a.payload::jsonb->>'membershipVersion' AS version, a.payload::jsonb->>'changedFrom' AS changed_from,
              a.payload::jsonb->>'changedTo' AS changed_to
         FROM outbox_archive a, barrier b
        WHERE b.barrier_id = $1 AND a.topic = 'pcn-memberships' AND a.type LIKE 'pcn-membership.%'
          AND pg_visible_in_snapshot(a.txid, b.snapshot::text::pg_snapshot)`,
      [barrier_id],
    );
    const changes = new Map<string, MembershipChange[]>();
    for (const change of before) changes.set(change.pcn, [...(changes.get(change.pcn) ?? []), change]);
    for (const line of history.sealed.values()) {
      if (line.runId !== run_id) continue;
      const d = stateOf(history, line.declarationId);
      const needs = (changes.get(d.organisationCode) ?? []).filter((change) =>
        covers(change.changed_from, change.changed_to, d.achievementDate),
      );
      if (needs.length === 0) continue;
      checked++;
      const required = needs.reduce(
        (most, change) => (BigInt(change.version) > most ? BigInt(change.version) : most),
        0n,
      );
      const figures =
        history.achievements.get(`${d.serviceCode}|${d.achievementDate}|${d.organisationCode}`) ?? [];
      const revision = madeFrom.get(`${line.declarationId}|${run_id}`);
      const sealedWith = figures.find((figure) => figure.figureRevision === revision);
      const known = sealedWith?.inputs.find(
        (input) => input.source === 'pcn-membership' && input.key === d.organisationCode,
      );
      if (!known || BigInt(known.version) < required) paidOver.push(`${line.declarationId} in ${run_id}`);
    }
  }
  // Later changes: each PCN that was paid has an adjustment or the same figure as before.
  const adjusted = new Set(
    [...history.newest.values()]
      .filter((d) => d.kind === 'adjustment')
      .map((d) => `${d.serviceCode}|${d.achievementDate}|${d.organisationCode}`),
  );
  let noEffect = 0;
  const unanswered: string[] = [];
  for (const d of history.newest.values()) {
    if (d.kind !== 'achievement' || !['PAID', 'SENT_TO_AGENCY'].includes(d.status)) continue;
    const key = `${d.serviceCode}|${d.achievementDate}|${d.organisationCode}`;
    const newest = history.achievements.get(key)?.at(-1);
    if (!newest || newest.pence === d.pence) noEffect++;
    else if (adjusted.has(key)) late.add(key);
    else unanswered.push(key);
  }
  return verdict(
    paidOver.length === 0 && unanswered.length === 0,
    'no line was sealed over a membership change committed before its barrier; later changes have adjustments',
    {
      runs: runs.length,
      linesThatDependOnAChange: checked,
      paidOver: paidOver.slice(0, 3),
      adjusted: late.size,
      unchanged: noEffect,
      unanswered: unanswered.slice(0, 3),
      files: files.length,
    },
  );
}

const covers = (from: string, to: string | null, date: string) => from <= date && (!to || date < to);
