// One membership change, from its POST until both PCNs' declarations are held and carry figures made with it.
import { watchChanges, type Changes } from './committed.js';
import { databaseOf, openDeclarations, openEngland } from './england-stack.js';
import { percentile, type Figure } from './figure.js';
import { openRawHop, PERCENTILES, times } from './hop.js';
import { nextOf } from './next-of.js';
import { rotate } from './rotation.js';
import type { Stand, World } from './stand.js';

export const OPEN_DECLARATIONS = 73_000;

/** The body of a membership change. */
export interface MembershipMove {
  readonly practiceCode: string;
  readonly leavesPcnCode: string;
  readonly joinsPcnCode: string;
  readonly effectiveOn: string;
  readonly reason: string;
}

/** A PCN as it is after a change. */
export interface ChangedPcn {
  readonly pcnCode: string;
  readonly membershipVersion: number;
}

/** How far both PCNs of a change are, in declarations. */
interface Progress {
  /** PCNs of which the change is known. */
  readonly asked: number;
  readonly touched: number;
  /** With figures made with the change. */
  readonly made: number;
  readonly held: number;
}

interface Followed extends Pick<Progress, 'touched' | 'held'> {
  readonly ms: number;
}

export async function measure(stand: Stand): Promise<Figure[]> {
  const changes = stand.size(30, 3);
  const { world, infrastructure } = await openEngland(stand, stand.size(OPEN_DECLARATIONS, 0));
  const open = await openDeclarations(world);
  const moves = (await movesOf(world, (stand.rotations + 1) * changes)).values();
  const url = databaseOf(infrastructure, 'declaration-workflow');
  const changed = await watchChanges(stand, { url, tables: ['declaration', 'membership_requirement'] });
  const rawHop = await openRawHop(stand);
  const followed: Followed[] = [];
  const found = await rotate(stand.rotations, {
    ours: async () => {
      const taken = await times(changes, async () => {
        const one = await change(world, changed, nextOf(moves));
        followed.push(one);
        return one.ms;
      });
      // The next contestant begins when the last effects, messages for instance, are done.
      await world.settled();
      return taken;
    },
    // Organisations to aggregation to declaration-workflow is two hops, whatever is done on the way.
    raw: () => times(changes, async () => (await rawHop()) + (await rawHop())),
  });
  return PERCENTILES.map((which) => ({
    name: `membership change → both PCNs re-aggregated, ${which}`,
    unit: 'ms',
    better: 'lower',
    ours: found.ours.map((taken) => taken[which]),
    peer: { name: 'two raw hops', values: found.raw.map((taken) => taken[which]) },
    target: which === 'p99' ? { value: 250, goal: 100 } : undefined,
    notes: {
      openDeclarations: open,
      changesPerRotation: changes,
      declarationsTouched: followed.reduce((sum, one) => sum + one.touched, 0),
      // Figures that overtake the change leave nothing to hold: they were made with it.
      declarationsHeld: followed.reduce((sum, one) => sum + one.held, 0),
      worstMs: percentile(
        followed.map((one) => one.ms),
        1,
      ),
    },
  }));
}

/** Moves between PCNs of which none is touched twice. */
export async function movesOf(world: World, count: number): Promise<MembershipMove[]> {
  const { effectiveOn } = world.manifest.cast.mover;
  const pcns = await world.rows<{ pcn_code: string; practices: [string, ...string[]] }>(
    'organisations',
    `SELECT pcn_code, array_agg(practice_code ORDER BY practice_code) AS practices FROM membership_spell
     WHERE from_on <= $1 AND (to_on IS NULL OR to_on > $1)
       AND pcn_code IN (SELECT code FROM organisation WHERE kind = 'pcn' AND close_on IS NULL)
     GROUP BY pcn_code HAVING count(*) >= 2 ORDER BY pcn_code`,
    [effectiveOn],
  );
  if (pcns.length < 2 * count) throw new Error(`${pcns.length} PCNs are too few for ${count} changes`);
  const left = pcns.values();
  return Array.from({ length: count }, () => {
    const [leaves, joins] = [nextOf(left), nextOf(left)];
    return {
      practiceCode: leaves.practices[0],
      leavesPcnCode: leaves.pcn_code,
      joinsPcnCode: joins.pcn_code,
      effectiveOn,
      reason: 'The benchmark moves a practice.',
    };
  });
}

/** From the request to the commit of the last figure. */
async function change(world: World, changed: Changes, move: MembershipMove): Promise<Followed> {
  await world.token(world.people.organisationAdministrator);
  const started = performance.now();
  const { pcns } = await world.post<{ pcns: ChangedPcn[] }>(
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
  return { ms: ended.at - started, touched: ended.found.touched, held: ended.found.held };
}

/** How far both PCNs are: whether the change is known there, and how many declarations carry figures made with it. */
async function stateOf(world: World, versions: Readonly<Record<string, number>>): Promise<Progress> {
  const codes = Object.keys(versions);
  const [state] = await world.rows<Progress>(
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
  if (!state) throw new Error('PostgreSQL counted nothing');
  return state;
}
