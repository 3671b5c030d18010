// @ts-nocheck
// A newer extract changes one practice's figure: what was declared is reopened and declared again.
import { basename } from 'node:path';
import { declareAll } from '../declarations.js';
import { until } from '@attest/stack/http-client';
import { named, pounds } from '../words.js';

export const title = 'An amended figure reopens a declaration';

export async function run(world) {
  const { people } = world;
  const { practiceCode, serviceCode, file } = world.manifest.cast.amended;
  const find = async () =>
    (
      await world.get(
        people.nationalOperator,
        'declaration-workflow',
        `declarations?organisationCode=${practiceCode}&serviceCode=${serviceCode}`,
      )
    ).items[0];
  const before = await find();
  await world.upload(
    people.extractSupplier,
    'extraction-intake',
    `extract-files?layout=cqrs&fileName=${basename(file)}`,
    file,
  );
  const after = await until('the amended figure reopens what was declared', async () => {
    const declaration = await find();
    return declaration.status === 'AWAITING_PROVIDER_APPROVAL' && declaration;
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

export function tell({ practice, service, names, penceBefore, penceAfter }) {
  return [
    `A newer extract changed ${named(names, service)} of ${named(names, practice)} from ${pounds(penceBefore)} to ${pounds(penceAfter)}.`,
    'So what had been declared went back to the practice, which looked at the new figure and declared it.',
  ];
}
