// @ts-nocheck
// Commissioners, then finance, sign everything that waits for them, up to 10,000 at once.
import { each, until } from '@attest/stack/http-client';
import { silent } from '../progress.js';
import { count, isNil, number, pounds } from '../words.js';

export const title = 'Commissioners approve, then their finance officers';

export async function run(world, progress = silent) {
  const result = {};
  for (const stage of ['commissioner', 'finance']) {
    const signed = { bulks: 0, items: 0 };
    const total = await world.count(
      'declaration-workflow',
      'SELECT count(*) FROM declaration WHERE status = $1',
      [`AWAITING_${stage.toUpperCase()}_APPROVAL`],
    );
    const appliedAt = new Map();
    const see = (code, applied) => {
      appliedAt.set(code, applied);
      const all = [...appliedAt.values()].reduce((sum, n) => sum + n, 0);
      progress(all, total, stage === 'commissioner' ? 'signed by commissioners:' : 'signed by finance:');
    };
    const commissioners = await world.rows(
      'declaration-workflow',
      'SELECT DISTINCT commissioner_code AS code FROM declaration ORDER BY 1',
    );
    // Several boards at once, as on a working day.
    await each(commissioners, 4, async ({ code }) => {
      const bulk = await approveAll(world, stage, code, (applied) => see(code, applied));
      signed.bulks += bulk.bulks;
      signed.items += bulk.items;
    });
    await world.settled();
    result[stage] = { bulks: signed.bulks, applied: signed.items };
  }
  const [totals] = await world.rows(
    'declaration-workflow',
    `SELECT count(*) FILTER (WHERE status = 'FINANCIALLY_APPROVED')::int AS approved,
            count(*) FILTER (WHERE status = 'SETTLED_NIL')::int AS nil,
            coalesce(sum(pence) FILTER (WHERE status = 'FINANCIALLY_APPROVED'), 0)::text AS pence FROM declaration`,
  );
  return { ...result, financiallyApproved: totals.approved, settledNil: totals.nil, pence: totals.pence };
}

export function tell({ commissioner, finance, settledNil, pence }) {
  return [
    `Commissioners signed ${count(commissioner.applied, 'declaration')} in ${count(commissioner.bulks, 'bulk approval')}, then other people, of finance, signed ${number(finance.applied)}: nobody pays alone.`,
    `${isNil(pence) ? 'Nothing' : pounds(pence)} is approved for payment${settledNil > 0 ? `; ${count(settledNil, 'declaration')} of £0 ${settledNil === 1 ? 'was' : 'were'} settled without one` : ''}.`,
  ];
}

/**
 * Signs one stage of everything that waits at one commissioner and waits until each item is answered.
 * @param {(applied: number) => void} [see] told how many have taken effect
 */
export async function approveAll(world, stage, commissionerCode, see = () => undefined) {
  const person =
    stage === 'commissioner' ? world.approverOf(commissionerCode) : world.financeOf(commissionerCode);
  const waiting = await world.all(
    person,
    'commissioner-approval',
    `approval-tasks?stage=${stage}&commissionerCode=${commissionerCode}&held=false`,
  );
  const done = { bulks: 0, items: 0 };
  for (let at = 0; at < waiting.length; at += 10_000) {
    const items = waiting
      .slice(at, at + 10_000)
      .map(({ declarationId, declarationVersion }) => ({ declarationId, declarationVersion }));
    const bulk = await world.post(person, 'commissioner-approval', 'bulk-approvals', { stage, items });
    const ended = await until(`every item of bulk ${bulk.bulkId} is answered`, async () => {
      const now = await world.get(person, 'commissioner-approval', `bulk-approvals/${bulk.bulkId}`);
      see(done.items + now.applied);
      return now.queued + now.pending === 0 && now;
    });
    if (ended.refused > 0)
      throw new Error(`${commissionerCode}: ${ended.refused} of ${items.length} signatures were refused`);
    done.bulks++;
    done.items += ended.applied;
  }
  return done;
}
