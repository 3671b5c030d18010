// Declaring, as providers do it in several scenes.
import type { DeclarationState, DeclarationStatus } from '@attest/contracts';
import type { World } from './world.js';

/** A declaration, as its service answers with it. */
export type Declaration = Pick<
  DeclarationState,
  | 'declarationId'
  | 'organisationCode'
  | 'commissionerCode'
  | 'serviceCode'
  | 'kind'
  | 'status'
  | 'pence'
  | 'revision'
  | 'holds'
>;

/** What became of one item of a bulk: a status of 400 and above says that it was refused, and its code why. */
export interface DeclaredItem {
  readonly status: number;
  readonly code?: string;
}

/** What a declaration says of itself where that is asked for. */
export interface Reasons {
  readonly lateReason?: string;
}

export const declarationsOf = (world: World, organisationCode: string, status: DeclarationStatus) =>
  world.all<Declaration>(
    world.declarerOf(organisationCode),
    'declaration-workflow',
    `declarations?organisationCode=${organisationCode}&status=${status}`,
  );

/** One request for all of them; answers each item's result. */
export async function declareAs(
  world: World,
  person: string,
  declarations: readonly Declaration[],
  reasons: Reasons = {},
): Promise<DeclaredItem[]> {
  const items = declarations.map(({ declarationId, revision }) => ({ declarationId, revision }));
  const answer = await world.post<{ items: DeclaredItem[] }>(
    person,
    'declaration-workflow',
    'declarations/bulk-declare',
    { items, ...reasons },
  );
  return answer.items;
}

/** Declares these; each must be taken. */
export async function declareThese(
  world: World,
  organisationCode: string,
  declarations: readonly Declaration[],
  reasons?: Reasons,
): Promise<number> {
  if (declarations.length === 0) return 0;
  const results = await declareAs(world, world.declarerOf(organisationCode), declarations, reasons);
  const refused = results.filter((item) => item.status >= 400);
  if (refused.length > 0)
    throw new Error(
      `${organisationCode}: ${refused.length} of ${declarations.length} not declared: ${refused[0]?.code}`,
    );
  return declarations.length;
}

/** Declares everything that one provider has waiting, adjustments apart. */
export async function declareAll(world: World, organisationCode: string): Promise<number> {
  const waiting = await declarationsOf(world, organisationCode, 'AWAITING_PROVIDER_APPROVAL');
  return declareThese(
    world,
    organisationCode,
    waiting.filter((declaration) => declaration.kind === 'achievement'),
  );
}
