// Another practice moves after its PCN was paid: nothing is paid over it; an adjustment is opened and people are told.
import { until } from '../http-client.mjs';

export const title = 'A practice moves after its PCN was paid';

export async function run(world) {
  const { people } = world;
  const move = world.manifest.cast.lateMover;
  await world.post(people.organisationAdministrator, 'organisations', 'pcn-membership-changes', {
    practiceCode: move.practiceCode,
    leavesPcnCode: move.leavesPcnCode,
    joinsPcnCode: move.joinsPcnCode,
    effectiveOn: move.effectiveOn,
    reason: 'The move was reported late.',
  });
  await world.settled();
  const adjustments = await world.rows(
    'declaration-workflow',
    `SELECT organisation_code, service_code, pence::text FROM declaration WHERE kind = 'adjustment' ORDER BY 1, 2`,
  );
  if (adjustments.length === 0) throw new Error('A change after payment should have opened adjustments');
  const pcn = move.leavesPcnCode;
  // Lines are gathered into digests once a second.
  await until(`${pcn} is told of its adjustment`, async () => {
    const told = await world.all(
      world.declarerOf(pcn),
      'messaging-centre',
      `messages?organisationCode=${pcn}`,
    );
    return told.some((message) => message.kind === 'ADJUSTMENT_OPENED');
  });
  return {
    practice: move.practiceCode,
    adjustments: adjustments.length,
    pence: adjustments.reduce((sum, a) => sum + BigInt(a.pence), 0n).toString(),
  };
}
