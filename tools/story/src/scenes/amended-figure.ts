// A newer extract changes one practice's figure: what was declared is reopened and declared again.
import { basename } from 'node:path';
import { until } from '@attest/stack/http-client';
import { declareAll, type Declaration } from '../declarations.js';
import { named, pounds, type Names } from '../words.js';
import type { World } from '../world.js';

export interface AmendedFigure {
  readonly practice: string;
  readonly service: string;
  readonly names: Names;
  readonly penceBefore: string;
  readonly penceAfter: string;
}

export const title = 'An amended figure reopens a declaration';

export async function run(world: World): Promise<AmendedFigure> {
  const { people } = world;
  const { practiceCode, serviceCode, file } = world.manifest.cast.amended;
  const find = async (): Promise<Declaration> => {
    const { items } = await world.get<{ items: Declaration[] }>(
      people.nationalOperator,
      'declaration-workflow',
      `declarations?organisationCode=${practiceCode}&serviceCode=${serviceCode}`,
    );
    if (!items[0]) throw new Error(`${practiceCode} has no declaration of ${serviceCode}`);
    return items[0];
  };
  const before = await find();
  await world.upload(
    people.extractSupplier,
    'extraction-intake',
    `extract-files?layout=cqrs&fileName=${basename(file)}`,
    file,
  );
  const after: Declaration = await until('the amended figure reopens what was declared', async () => {
    const declaration = await find();
    return declaration.status === 'AWAITING_PROVIDER_APPROVAL' ? declaration : undefined;
  });
  if (after.pence === before.pence)
    throw new Error(`${after.declarationId} was reopened without a new amount: ${after.pence}`);
  await declareAll(world, practiceCode);
  await world.settled();
  return {
    practice: practiceCode,
    service: serviceCode,
    names: await world.namesOf(practiceCode, serviceCode),
    penceBefore: before.pence,
    penceAfter: after.pence,
  };
}

export function tell({ practice, service, names, penceBefore, penceAfter }: AmendedFigure): string[] {
  return [
    `A newer extract changed ${named(names, service)} of ${named(names, practice)} from ${pounds(penceBefore)} to ${pounds(penceAfter)}.`,
    'So what had been declared went back to the practice, which looked at the new figure and declared it.',
  ];
}
