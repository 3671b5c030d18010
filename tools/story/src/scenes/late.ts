// A practice declares after the deadline: with a reason, in the late queue, and its board admits it to this month's run.
import { declarationsOf, declareAs, declareThese } from '../declarations.js';
import { count, named, pounds, type Names } from '../words.js';
import type { World } from '../world.js';

export interface DeclaredLate {
  readonly provider: string;
  readonly board: string;
  readonly names: Names;
  /** The code of the refusal without a reason. */
  readonly refused: string;
  readonly declaredLate: number;
  readonly admitted: number;
  readonly pence: string;
}

export const title = 'Somebody declares late, and the commissioner admits it';

export async function run(world: World): Promise<DeclaredLate> {
  const provider = world.late;
  if (!provider) throw new Error('Nobody was away when everybody declared');
  await world.moveClock(world.manifest.calendar.afterDeadline);
  const waiting = await declarationsOf(world, provider, 'AWAITING_PROVIDER_APPROVAL');
  const [first] = await declareAs(world, world.declarerOf(provider), waiting);
  if (first?.code !== 'LATE_REASON_MISSING')
    throw new Error(`Declaring late without a reason should be refused, but it answered ${first?.code}`);
  await declareThese(world, provider, waiting, { lateReason: 'Our practice manager was in hospital.' });
  const late = await declarationsOf(world, provider, 'AWAITING_COMMISSIONER_APPROVAL');
  const board = late[0]?.commissionerCode;
  if (!board) throw new Error(`${provider} has nothing that was declared late`);
  const admitted = await world.post<{ admitted: number; refused: number }>(
    world.approverOf(board),
    'declaration-workflow',
    'declarations/bulk-admit-late',
    {
      items: late.map(({ declarationId, revision }) => ({ declarationId, revision })),
      reason: 'The delay was told before the deadline.',
    },
  );
  if (admitted.refused > 0) throw new Error(`${admitted.refused} of ${late.length} were not admitted`);
  await world.settled();
  return {
    provider,
    board,
    names: await world.namesOf(provider, board),
    refused: first.code,
    declaredLate: waiting.length,
    admitted: admitted.admitted,
    pence: late.reduce((sum, { pence }) => sum + BigInt(pence), 0n).toString(),
  };
}

export function tell({ provider, board, names, declaredLate, admitted, pence }: DeclaredLate): string[] {
  return [
    `After the deadline ${named(names, provider)} declared ${count(declaredLate, 'figure')} worth ${pounds(pence)}: without a reason it was refused, with one it was taken as late.`,
    `${named(names, board)} admitted ${admitted === 1 ? 'it' : 'all of it'} to this month’s payment.`,
  ];
}
