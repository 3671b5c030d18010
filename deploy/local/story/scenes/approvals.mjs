// Commissioners, then finance, sign everything that waits for them, up to 10,000 at once.
import { each, until } from '../http-client.mjs';

export const title = 'Commissioners and finance approve in bulk';

export async function run(world) {
  const result = {};
  for (const stage of ['commissioner', 'finance']) {
    const signed = { bulks: 0, items: 0 };
    const commissioners = await world.rows(
      'declaration-workflow',
      'SELECT DISTINCT commissioner_code AS code FROM declaration ORDER BY 1',
    );
    // Several boards at once, as on a working day.
    await each(commissioners, 4, async ({ code }) => {
      const bulk = await approveAll(world, stage, code);
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

/** Signs one stage of everything that waits at one commissioner and waits until each item is answered. */
export async function approveAll(world, stage, commissionerCode) {
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
      return now.queued + now.pending === 0 && now;
    });
    if (ended.refused > 0)
      throw new Error(`${commissionerCode}: ${ended.refused} of ${items.length} signatures were refused`);
    done.bulks++;
    done.items += ended.applied;
  }
  return done;
}
