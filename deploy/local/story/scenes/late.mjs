// A practice declares after the deadline: with a reason, in the late queue, and its board admits it to this month's run.
import { declarationsOf, declareAs, declareThese } from '../declarations.mjs';

export const title = 'A practice declares late, and its board admits it';

export async function run(world) {
  await world.moveClock(world.manifest.calendar.afterDeadline);
  const provider = world.late;
  const waiting = await declarationsOf(world, provider, 'AWAITING_PROVIDER_APPROVAL');
  const [first] = await declareAs(world, world.declarerOf(provider), waiting);
  if (first.code !== 'LATE_REASON_MISSING')
    throw new Error(`Declaring late without a reason should be refused, but it answered ${first.code}`);
  await declareThese(world, provider, waiting, { lateReason: 'Our practice manager was in hospital.' });
  const late = await declarationsOf(world, provider, 'AWAITING_COMMISSIONER_APPROVAL');
  const admitted = await world.post(
    world.approverOf(late[0].commissionerCode),
    'declaration-workflow',
    'declarations/bulk-admit-late',
    {
      items: late.map(({ declarationId, revision }) => ({ declarationId, revision })),
      reason: 'The delay was told before the deadline.',
    },
  );
  if (admitted.refused > 0) throw new Error(`${admitted.refused} of ${late.length} were not admitted`);
  await world.settled();
  return { provider, refused: first.code, declaredLate: waiting.length, admitted: admitted.admitted };
}
