// An extract looks wrong: the operator stops one service for one board until it was looked at, and nobody declares it.
import { ITEM_ACHIEVEMENT_DATE } from '@attest/england/item-services';
import { declarationsOf, declareAs } from '../declarations.js';
import { named, type Names } from '../words.js';
import type { World } from '../world.js';
import { itemService } from './item-service.js';

export interface Frozen {
  readonly service: string;
  readonly board: string;
  readonly provider: string;
  readonly names: Names;
  /** The code of the refusal. */
  readonly refused: string;
  readonly reachedSome: boolean;
}

export const title = 'A service is frozen for one commissioner, and thawed';

export async function run(world: World): Promise<Frozen> {
  const { nationalOperator } = world.people;
  const { serviceCode } = itemService(0);
  const [chosen] = await world.rows<{ provider: string; board: string }>(
    'declaration-workflow',
    `SELECT organisation_code AS provider, commissioner_code AS board FROM declaration
      WHERE service_code = $1 AND status = 'AWAITING_PROVIDER_APPROVAL' ORDER BY organisation_code LIMIT 1`,
    [serviceCode],
  );
  if (!chosen) throw new Error(`Nobody has ${serviceCode} to declare`);
  const freeze = await world.post<{ freezeId: string }>(nationalOperator, 'declaration-workflow', 'freezes', {
    serviceCode,
    achievementDate: ITEM_ACHIEVEMENT_DATE,
    commissionerCode: chosen.board,
    reason: 'A supplier says that its extract counted some items twice.',
  });
  const waiting = await declarationsOf(world, chosen.provider, 'AWAITING_PROVIDER_APPROVAL');
  const frozen = waiting.filter((declaration) => declaration.serviceCode === serviceCode);
  const [refused] = await declareAs(world, world.declarerOf(chosen.provider), frozen);
  if (refused?.code !== 'PERIOD_FROZEN')
    throw new Error(`What is frozen should not be declared, but it answered ${refused?.code}`);
  const reached = await world.get<{ items: unknown[] }>(
    nationalOperator,
    'declaration-workflow',
    `freezes/${freeze.freezeId}/declarations?limit=1`,
  );
  await world.post(nationalOperator, 'declaration-workflow', `freezes/${freeze.freezeId}/thaw`, {});
  await world.settled();
  return {
    service: serviceCode,
    board: chosen.board,
    provider: chosen.provider,
    names: await world.namesOf(serviceCode, chosen.board, chosen.provider),
    refused: refused.code,
    reachedSome: reached.items.length === 1,
  };
}

export function tell({ service, board, provider, names }: Frozen): string[] {
  return [
    `An extract looked wrong, so ${named(names, service)} was frozen for ${named(names, board)}.`,
    `${named(names, provider)} tried to declare it and was refused; then it was thawed, and can be declared.`,
  ];
}
