// Each practice and PCN looks at what it can declare and declares all of it in one request.
import { each } from '../http-client.mjs';

export const title = 'Practices and PCNs declare in bulk';

export async function run(world) {
  const providers = await world.rows(
    'declaration-workflow',
    `SELECT DISTINCT organisation_code FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' ORDER BY 1`,
  );
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

/** Declares everything that one provider has waiting; every item must be taken. */
export async function declareAll(world, organisationCode) {
  const person = world.declarerOf(organisationCode);
  const waiting = await world.all(
    person,
    'declaration-workflow',
    `declarations?organisationCode=${organisationCode}&status=AWAITING_PROVIDER_APPROVAL`,
  );
  const items = waiting
    .filter((declaration) => declaration.kind === 'achievement')
    .map(({ declarationId, revision }) => ({ declarationId, revision }));
  if (items.length === 0) return 0;
  const answer = await world.post(person, 'declaration-workflow', 'declarations/bulk-declare', { items });
  const refused = answer.items.filter((item) => item.status >= 400);
  if (refused.length > 0)
    throw new Error(
      `${organisationCode}: ${refused.length} of ${items.length} not declared: ${refused[0].code}`,
    );
  return items.length;
}
