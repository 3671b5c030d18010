// A board wants to look at one figure first: it holds it by hand, nobody signs it, and it releases it again.
import type { Declaration } from '../declarations.js';
import { named, pounds, type Names } from '../words.js';
import type { World } from '../world.js';
import { itemService } from './item-service.js';

export interface HeldByHand {
  readonly practice: string;
  readonly board: string;
  readonly service: string;
  readonly names: Names;
  readonly pence: string;
  /** Why the practice is not paid, as it read it. */
  readonly why: string;
  readonly whyWords: string;
}

interface Chosen {
  readonly id: string;
  readonly board: string;
  readonly practice: string;
}

export const title = 'A commissioner holds a figure by hand and releases it';

export async function run(world: World): Promise<HeldByHand> {
  const { serviceCode } = itemService(2);
  const [chosen] = await world.rows<Chosen>(
    'declaration-workflow',
    `SELECT declaration_id AS id, commissioner_code AS board, organisation_code AS practice FROM declaration
      WHERE service_code = $1 AND status = 'AWAITING_COMMISSIONER_APPROVAL' ORDER BY pence DESC, organisation_code LIMIT 1`,
    [serviceCode],
  );
  if (!chosen) throw new Error(`No figure of ${serviceCode} waits for a commissioner`);
  const approver = world.approverOf(chosen.board);
  const held = await world.post<Declaration>(
    approver,
    'declaration-workflow',
    `declarations/${chosen.id}/holds`,
    {
      reason: 'Three times as much as last year: the practice was asked why.',
      expiresOn: '2026-09-04',
    },
  );
  await world.settled();
  const { items } = await world.get<{ items: { declarationId: string }[] }>(
    approver,
    'commissioner-approval',
    `approval-tasks?stage=commissioner&commissionerCode=${chosen.board}&held=true`,
  );
  if (!items.some((task) => task.declarationId === chosen.id))
    throw new Error(`${chosen.id} should wait as held at its board`);
  const why = await world.get<{ code: string; cause: string }>(
    world.declarerOf(chosen.practice),
    'declaration-workflow',
    `declarations/${chosen.id}/why`,
  );
  await world.post(
    approver,
    'declaration-workflow',
    `declarations/${chosen.id}/holds/${held.holds[0]?.holdId}/release`,
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

export function tell({ practice, board, service, names, pence, whyWords }: HeldByHand): string[] {
  return [
    `${named(names, board)} wanted to look first at ${pounds(pence)} for ${named(names, service)} of ${named(names, practice)}, and held it.`,
    `The practice, asking why it is not paid, read: “${whyWords}” Then the commissioner released it.`,
  ];
}
