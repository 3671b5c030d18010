// @ts-nocheck
// A practice finds its extracted values wrong and asks for others; its board sees both in values and pounds, and accepts.
import { ITEM_ACHIEVEMENT_DATE, ITEM_SERVICES } from '@attest/england/item-services';
import { declareAll } from '../declarations.js';
import { until } from '@attest/stack/http-client';
import { named, pounds as inPounds } from '../words.js';

export const title = 'A practice asks for other values, and its commissioner accepts';

export async function run(world) {
  const { serviceCode, indicatorCode } = ITEM_SERVICES[1];
  const find = async () =>
    (
      await world.rows(
        'declaration-workflow',
        `SELECT organisation_code AS practice, commissioner_code AS board, status, pence::text FROM declaration
          WHERE service_code = $1 AND kind = 'achievement' ORDER BY organisation_code LIMIT 1`,
        [serviceCode],
      )
    )[0];
  const before = await find();
  const { practice, board } = before;
  const page = await world.get(
    world.declarerOf(practice),
    'extraction-intake',
    `pages/${serviceCode}/${ITEM_ACHIEVEMENT_DATE}/${practice}`,
  );
  const field = page.versions.at(-1).values.find((value) => value.indicatorCode === indicatorCode);
  const asked = await world.post(world.declarerOf(practice), 'extraction-intake', 'amendment-requests', {
    serviceCode,
    achievementDate: ITEM_ACHIEVEMENT_DATE,
    practiceCode: practice,
    values: [{ indicatorCode, fieldName: field.fieldName, value: Number(field.value) + 10 }],
    reason: 'Ten vaccinations of the last day were entered after the extract.',
  });
  const approver = world.approverOf(board);
  const path = `amendment-requests/${asked.amendmentId}`;
  const { pounds } = await world.get(approver, 'extraction-intake', path);
  await world.post(
    approver,
    'extraction-intake',
    `${path}/accept`,
    { reason: 'Seen in the practice system.' },
    { 'if-match': `"${asked.amendmentVersion}"` },
  );
  const after = await until('the accepted values reopen what was declared', async () => {
    const now = await find();
    return now.status === 'AWAITING_PROVIDER_APPROVAL' && now;
  });
  if (after.pence !== pounds.newPence)
    throw new Error(`${practice} was shown ${pounds.newPence} pence and is owed ${after.pence}`);
  await declareAll(world, practice);
  await world.settled();
  return {
    practice,
    board,
    service: serviceCode,
    names: await world.namesOf(practice, board, serviceCode),
    penceBefore: before.pence,
    penceShown: pounds.newPence,
    penceAfter: after.pence,
  };
}

export function tell({ practice, board, service, names, penceBefore, penceShown }) {
  return [
    `${named(names, practice)} found ten items missing in ${named(names, service)} and asked for them.`,
    `Its commissioner, ${named(names, board)}, saw that ${inPounds(penceBefore)} would become ${inPounds(penceShown)} and accepted; exactly that was declared again.`,
  ];
}
