// I6, I7, I10: steps are in the table, in order, once, and nothing is stuck.
import { AUDITED } from './audit/audited.js';
import { verifyChain, type Fault } from './audit/verify-chain.js';
import { until } from '@attest/stack/http-client';
import type { Evidence } from './month.js';
import type { Services } from './services.js';
import { verdict } from './verdict.js';

/** A fault of one service's chain; where the chain could not be looked at, words alone. */
interface ChainFault extends Partial<Fault> {
  readonly service: string;
  readonly words: string;
}

/** I6: every status change is in the table and has one history row. */
export async function stepsAreInTheTable({
  history,
  world,
}: Pick<Evidence, 'history'> & { readonly world: Pick<Services, 'count' | 'database'> }) {
  const steps = await world.count(
    'declaration-workflow',
    `SELECT count(*) FROM declaration_history WHERE from_status IS DISTINCT FROM to_status`,
  );
  const chains = await auditChains(world);
  return verdict(
    history.notInTable.length === 0 && steps === history.statusSteps && chains.faults.length === 0,
    'every status change is in the table and has one history row, and the audit chains verify',
    {
      statusSteps: history.statusSteps,
      historyRows: steps,
      notInTable: [...new Set(history.notInTable)].slice(0, 5),
      auditEntries: chains.entries,
      auditFaults: chains.faults.slice(0, 3),
    },
  );
}

/** As `npm run audit:verify` looks at them; what is not chained a moment after everything rests is a fault here. */
async function auditChains(
  world: Pick<Services, 'database'>,
): Promise<{ entries: number; faults: ChainFault[] }> {
  const faults: ChainFault[] = [];
  let entries = 0;
  for (const service of AUDITED) {
    const client = await world.database(service).connect();
    try {
      const chain = await until(
        `the audit chain of ${service} holds everything`,
        async () => {
          const found: ChainFault[] = [];
          const looked = await verifyChain(client, (fault) => found.push({ service, ...fault }));
          const rest = Object.values(looked.unchained).reduce((sum, rows) => sum + rows, 0);
          return (rest === 0 || found.length > 0) && { ...looked, found };
        },
        { withinMs: 30_000, everyMs: 500 },
      );
      entries += chain.entries;
      faults.push(...chain.found);
    } catch (error) {
      // Rows that nobody chains are what an invariant has to tell, not what ends its run.
      faults.push({ service, words: error instanceof Error ? error.message : String(error) });
    } finally {
      client.release();
    }
  }
  return { entries, faults };
}

interface WrittenDeclaration {
  readonly declaration_id: string;
  readonly revision: string;
  readonly status: string;
  readonly pence: string;
}

/** I7: per declaration, events took effect in order and once at every reader. */
export async function readersAgree({
  history,
  world,
}: Pick<Evidence, 'history'> & { readonly world: Pick<Services, 'rows'> }) {
  const tasks = await world.rows<{ declaration_id: string; revision: string }>(
    'commissioner-approval',
    'SELECT declaration_id, revision::text FROM approval_task',
  );
  let behind = 0;
  for (const { declaration_id, revision } of tasks) {
    if (BigInt(revision) !== BigInt(history.newest.get(declaration_id)?.revision ?? -1)) behind++;
  }
  const written = await world.rows<WrittenDeclaration>(
    'declaration-workflow',
    'SELECT declaration_id, revision::text, status, pence::text FROM declaration',
  );
  const differing = written.filter(({ declaration_id, revision, status, pence }) => {
    const said = history.newest.get(declaration_id);
    return (
      !said || said.status !== status || said.pence !== pence || BigInt(said.revision) > BigInt(revision)
    );
  }).length;
  const stale = {
    'commissioner-approval': behind + Math.abs(tasks.length - history.newest.size),
    'declaration-workflow': differing,
  };
  const wrong = Object.values(stale).reduce((sum, n) => sum + n, 0);
  return verdict(
    history.outOfOrder.length === 0 && wrong === 0,
    'events of a declaration stand in order and its readers hold its newest state',
    {
      declarations: history.newest.size,
      outOfOrder: history.outOfOrder.slice(0, 3),
      differing: stale,
    },
  );
}

/** I10: once faults stop, lag, outbox and pending signatures return to zero, with nothing stuck. */
export async function nothingIsStuck({
  world,
}: {
  readonly world: Pick<Services, 'urls' | 'settled' | 'count'>;
}) {
  const settled = await world.settled(30_000).then(
    () => true,
    () => false,
  );
  const pending = await world.count(
    'commissioner-approval',
    `SELECT count(*) FROM signature WHERE state = 'pending'`,
  );
  let parked = 0;
  for (const service of Object.keys(world.urls))
    parked += await world.count(service, 'SELECT count(*) FROM blocked_key');
  const releasing = await world.count(
    'declaration-workflow',
    `SELECT count(*) FROM declaration WHERE status = 'RELEASING'`,
  );
  return verdict(
    settled && pending === 0 && parked === 0 && releasing === 0,
    'outboxes and lag are zero, no signature pending, no key parked, nothing half released',
    {
      settled,
      pendingSignatures: pending,
      parkedKeys: parked,
      releasing,
    },
  );
}
