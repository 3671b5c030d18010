// @ts-nocheck
// Declaring, as providers do it in several scenes.

export const declarationsOf = (world, organisationCode, status) =>
  world.all(
    world.declarerOf(organisationCode),
    'declaration-workflow',
    `declarations?organisationCode=${organisationCode}&status=${status}`,
  );

/** One request for all of them; answers each item's result. */
export async function declareAs(world, person, declarations, reasons = {}) {
  const items = declarations.map(({ declarationId, revision }) => ({ declarationId, revision }));
  const answer = await world.post(person, 'declaration-workflow', 'declarations/bulk-declare', {
    items,
    ...reasons,
  });
  return answer.items;
}

/** Declares these; each must be taken. */
export async function declareThese(world, organisationCode, declarations, reasons) {
  if (declarations.length === 0) return 0;
  const results = await declareAs(world, world.declarerOf(organisationCode), declarations, reasons);
  const refused = results.filter((item) => item.status >= 400);
  if (refused.length > 0)
    throw new Error(
      `${organisationCode}: ${refused.length} of ${declarations.length} not declared: ${refused[0].code}`,
    );
  return declarations.length;
}

/** Declares everything that one provider has waiting, adjustments apart. */
export async function declareAll(world, organisationCode) {
  const waiting = await declarationsOf(world, organisationCode, 'AWAITING_PROVIDER_APPROVAL');
  return declareThese(
    world,
    organisationCode,
    waiting.filter((declaration) => declaration.kind === 'achievement'),
  );
}
