// @ts-nocheck
// One membership change, from its POST until both PCNs' declarations are held and carry figures made with it.
import { watchChanges } from './committed.js';
import { openDeclarations, openEngland } from './england-stack.js';
import { percentile } from './figure.js';
import { openRawHop, times } from './hop.js';
import { rotate } from './rotation.js';

export const OPEN_DECLARATIONS = 73_000;

/** @param {import('./stand.js').Stand} stand */
export async function measure(stand) {
  const changes = stand.size(30, 3);
  const { world, infrastructure } = await openEngland(stand, stand.size(OPEN_DECLARATIONS, 0));
  const open = await openDeclarations(world);
  const moves = await movesOf(world, (stand.rotations + 1) * changes);
  const url = infrastructure.databaseUrls.get('declaration-workflow');
  const changed = await watchChanges(stand, { url, tables: ['declaration', 'membership_requirement'] });
  const rawHop = await openRawHop(stand);
  const held = [];
  const found = await rotate(stand.rotations, {
    ours: async () => {
      const taken = await times(changes, () => change(world, changed, moves.shift(), held));
      // The next contestant begins when the last effects, messages for instance, are done.
      await world.settled();
      return taken;
    },
    // Organisations to aggregation to declaration-workflow is two hops, whatever is done on the way.
    raw: () => times(changes, async () => (await rawHop()) + (await rawHop())),
  });
  return ['p50', 'p99'].map((which) => ({
    name: `membership change → both PCNs re-aggregated, ${which}`,
    unit: 'ms',
    better: 'lower',
    ours: found.ours.map((taken) => taken[which]),
    peer: { name: 'two raw hops', values: found.raw.map((taken) => taken[which]) },
    target: which === 'p99' ? { value: 250, goal: 100 } : undefined,
    notes: {
      openDeclarations: open,
      changesPerRotation: changes,
      declarationsTouched: held.reduce((sum, one) => sum + one.touched, 0),
      // Figures that overtake the change leave nothing to hold: they were made with it.
      declarationsHeld: held.reduce((sum, one) => sum + one.held, 0),
      worstMs: percentile(
        held.map((one) => one.ms),
        1,
      ),
    },
  }));
}

/** Moves between PCNs of which none is touched twice. */
export async function movesOf(world, count) {
  const { effectiveOn } = world.manifest.cast.mover;
  const members = await world.rows(
    'organisations',
    `SELECT pcn_code, array_agg(practice_code ORDER BY practice_code) AS practices FROM membership_spell
     WHERE from_on <= $1 AND (to_on IS NULL OR to_on > $1)
       AND pcn_code IN (SELECT code FROM organisation WHERE kind = 'pcn' AND close_on IS NULL)
     GROUP BY pcn_code HAVING count(*) >= 2 ORDER BY pcn_code`,
    [effectiveOn],
  );
  if (members.length < 2 * count) throw new Error(`${members.length} PCNs are too few for ${count} changes`);
  return Array.from({ length: count }, (_, i) => ({
    practiceCode: members[2 * i].practices[0],
    leavesPcnCode: members[2 * i].pcn_code,
    joinsPcnCode: members[2 * i + 1].pcn_code,
    effectiveOn,
    reason: 'The benchmark moves a practice.',
  }));
}

/** @returns milliseconds from the request to the commit of the last figure */
async function change(world, changed, move, held) {
  await world.token(world.people.organisationAdministrator);
  const started = performance.now();
  const { pcns } = await world.post(
    world.people.organisationAdministrator,
    'organisations',
    'pcn-membership-changes',
    move,
  );
  const versions = Object.fromEntries(
    pcns.map(({ pcnCode, membershipVersion }) => [pcnCode, membershipVersion]),
  );
  const ended = await changed.until(async () => {
    const state = await stateOf(world, versions);
    return state.asked === pcns.length && state.touched > 0 && state.made === state.touched && state;
  });
  const ms = ended.at - started;
  held.push({ ms, touched: ended.found.touched, held: ended.found.held });
  return ms;
}

/** How far both PCNs are: whether the change is known there, and how many declarations carry figures made with it. */
async function stateOf(world, versions) {
  const codes = Object.keys(versions);
  const [state] = await world.rows(
    'declaration-workflow',
    `WITH said AS (SELECT * FROM unnest($1::text[], $2::bigint[]) AS s(organisation_code, version))
     SELECT (SELECT count(*)::int FROM membership_requirement r JOIN said USING (organisation_code)
              WHERE r.pcn_code = said.organisation_code AND r.membership_version >= said.version) AS asked,
            count(*)::int AS touched,
            count(*) FILTER (WHERE (d.memberships ->> d.organisation_code)::bigint >= said.version)::int AS made,
            count(*) FILTER (WHERE d.held)::int AS held
     FROM declaration d JOIN said USING (organisation_code)
     WHERE d.kind = 'achievement'`,
    [codes, codes.map((code) => versions[code])],
  );
  return state;
}
