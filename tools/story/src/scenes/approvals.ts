// Commissioners, then finance, sign everything that waits for them, up to 10,000 at once.
import type { ApprovalStage } from '@attest/contracts';
import { silent, type Progress } from '@attest/invariants/progress';
import { each, until } from '@attest/stack/http-client';
import { count, isNil, number, pounds } from '../words.js';
import type { World } from '../world.js';

export interface Approved {
  readonly commissioner: SignedStage;
  readonly finance: SignedStage;
  readonly financiallyApproved: number;
  readonly settledNil: number;
  readonly pence: string;
}

interface SignedStage {
  readonly bulks: number;
  readonly applied: number;
}

interface Task {
  readonly declarationId: string;
  readonly declarationVersion: number | string;
}

/** How far the signatures of a bulk have come. */
interface Bulk {
  readonly bulkId: string;
  readonly queued: number;
  readonly pending: number;
  readonly applied: number;
  readonly refused: number;
}

export const title = 'Commissioners approve, then their finance officers';

export async function run(world: World, progress: Progress = silent): Promise<Approved> {
  const commissioner = await signStage(world, 'commissioner', progress);
  const finance = await signStage(world, 'finance', progress);
  const [totals] = await world.rows<{ approved: number; nil: number; pence: string }>(
    'declaration-workflow',
    `SELECT count(*) FILTER (WHERE status = 'FINANCIALLY_APPROVED')::int AS approved,
            count(*) FILTER (WHERE status = 'SETTLED_NIL')::int AS nil,
            coalesce(sum(pence) FILTER (WHERE status = 'FINANCIALLY_APPROVED'), 0)::text AS pence FROM declaration`,
  );
  const { approved, nil, pence } = totals ?? { approved: 0, nil: 0, pence: '0' };
  return { commissioner, finance, financiallyApproved: approved, settledNil: nil, pence };
}

async function signStage(world: World, stage: ApprovalStage, progress: Progress): Promise<SignedStage> {
  const signed = { bulks: 0, applied: 0 };
  const total = await world.count(
    'declaration-workflow',
    'SELECT count(*) FROM declaration WHERE status = $1',
    [`AWAITING_${stage.toUpperCase()}_APPROVAL`],
  );
  const appliedAt = new Map<string, number>();
  const see = (code: string, applied: number) => {
    appliedAt.set(code, applied);
    const all = [...appliedAt.values()].reduce((sum, n) => sum + n, 0);
    progress(all, total, stage === 'commissioner' ? 'signed by commissioners:' : 'signed by finance:');
  };
  const commissioners = await world.rows<{ code: string }>(
    'declaration-workflow',
    'SELECT DISTINCT commissioner_code AS code FROM declaration ORDER BY 1',
  );
  // Several boards at once, as on a working day.
  await each(commissioners, 4, async ({ code }) => {
    const bulk = await approveAll(world, stage, code, (applied) => see(code, applied));
    signed.bulks += bulk.bulks;
    signed.applied += bulk.items;
  });
  await world.settled();
  return signed;
}

export function tell({ commissioner, finance, settledNil, pence }: Approved): string[] {
  return [
    `Commissioners signed ${count(commissioner.applied, 'declaration')} in ${count(commissioner.bulks, 'bulk approval')}, then other people, of finance, signed ${number(finance.applied)}: nobody pays alone.`,
    `${isNil(pence) ? 'Nothing' : pounds(pence)} is approved for payment${settledNil > 0 ? `; ${count(settledNil, 'declaration')} of £0 ${settledNil === 1 ? 'was' : 'were'} settled without one` : ''}.`,
  ];
}

/**
 * Signs one stage of everything that waits at one commissioner and waits until each item is answered.
 * @param see told how many have taken effect
 */
export async function approveAll(
  world: World,
  stage: ApprovalStage,
  commissionerCode: string,
  see: (applied: number) => void = () => undefined,
): Promise<{ bulks: number; items: number }> {
  const person =
    stage === 'commissioner' ? world.approverOf(commissionerCode) : world.financeOf(commissionerCode);
  const waiting = await world.all<Task>(
    person,
    'commissioner-approval',
    `approval-tasks?stage=${stage}&commissionerCode=${commissionerCode}&held=false`,
  );
  const done = { bulks: 0, items: 0 };
  for (let at = 0; at < waiting.length; at += 10_000) {
    const items = waiting
      .slice(at, at + 10_000)
      .map(({ declarationId, declarationVersion }) => ({ declarationId, declarationVersion }));
    const bulk = await world.post<Bulk>(person, 'commissioner-approval', 'bulk-approvals', { stage, items });
    const ended: Bulk = await until(`every item of bulk ${bulk.bulkId} is answered`, async () => {
      const now = await world.get<Bulk>(person, 'commissioner-approval', `bulk-approvals/${bulk.bulkId}`);
      see(done.items + now.applied);
      return now.queued + now.pending === 0 ? now : undefined;
    });
    if (ended.refused > 0)
      throw new Error(`${commissionerCode}: ${ended.refused} of ${items.length} signatures were refused`);
    done.bulks++;
    done.items += ended.applied;
  }
  return done;
}
