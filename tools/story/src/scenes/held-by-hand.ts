// @ts-nocheck
// A board wants to look at one figure first: it holds it by hand, nobody signs it, and it releases it again.
import { ITEM_SERVICES } from '@attest/england/item-services';
import { named, pounds } from '../words.js';

export const title = 'A commissioner holds a figure by hand and releases it';

export async function run(world) {
  const { serviceCode } = ITEM_SERVICES[2];
  const [chosen] = await world.rows(
    'declaration-workflow',
    `SELECT declaration_id AS id, commissioner_code AS board, organisation_code AS practice FROM declaration
      WHERE service_code = $1 AND status = 'AWAITING_COMMISSIONER_APPROVAL' ORDER BY pence DESC, organisation_code LIMIT 1`,
    [serviceCode],
  );
  const approver = world.approverOf(chosen.board);
  const held = await world.post(approver, 'declaration-workflow', `declarations/${chosen.id}/holds`, {
    reason: 'Three times as much as last year: the practice was asked why.',
    expiresOn: '2026-09-04',
  });
  await world.settled();
  const { items } = await world.get(
    approver,
    'commissioner-approval',
    `approval-tasks?stage=commissioner&commissionerCode=${chosen.board}&held=true`,
  );
  if (!items.some((task) => task.declarationId === chosen.id))
    throw new Error(`${chosen.id} should wait as held at its board`);
  const why = await world.get(
    world.declarerOf(chosen.practice),
    'declaration-workflow',
    `declarations/${chosen.id}/why`,
  );
  await world.post(
    approver,
    'declaration-workflow',
    `declarations/${chosen.id}/holds/${held.holds[0].holdId}/release`,
    { confirmation: true, reason: 'A clinic of the neighbour moved in.' },
    { 'if-match': `"${held.revision}"` },
  );
  await world.settled();
  return {
    practice: chosen.practice,
    board: chosen.board,
    service: serviceCode,
    names: await world.namesOf(chosen.practice, chosen.board, serviceCode),
    pence: held.pence,
    why: why.code,
    whyWords: why.cause,
  };
}

export function tell({ practice, board, service, names, pence, whyWords }) {
  return [
    `${named(names, board)} wanted to look first at ${pounds(pence)} for ${named(names, service)} of ${named(names, practice)}, and held it.`,
    `The practice, asking why it is not paid, read: “${whyWords}” Then the commissioner released it.`,
  ];
}
