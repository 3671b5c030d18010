// Each practice and PCN but one looks at what it can declare and declares all of it in one request.
import { declareAll } from '../declarations.mjs';
import { each } from '../http-client.mjs';

export const title = 'Practices and PCNs declare in bulk';

export async function run(world) {
  const providers = await world.rows(
    'declaration-workflow',
    `SELECT DISTINCT organisation_code FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' ORDER BY 1`,
  );
  // One of them is away, and declares in another scene.
  world.late = providers.pop().organisation_code;
  let declared = 0;
  await each(providers, 16, async ({ organisation_code }) => {
    const items = await declareAll(world, organisation_code);
    declared += items;
  });
  await world.settled();
  const [totals] = await world.rows(
    'declaration-workflow',
    `SELECT count(*)::int AS n, sum(pence)::text AS pence FROM declaration WHERE status = 'AWAITING_COMMISSIONER_APPROVAL'`,
  );
  return { providers: providers.length, declared, awaitingCommissioner: totals.n, pence: totals.pence };
}
