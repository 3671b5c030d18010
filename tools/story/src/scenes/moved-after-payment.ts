// Another practice moves after its PCN was paid: nothing is paid over it; an adjustment is opened and people are told.
import { until } from '@attest/stack/http-client';
import { count, isNil, named, pounds, type Names } from '../words.js';
import type { World } from '../world.js';
import type { Message } from './messages.js';

/** Each by itself: what one network gains another loses. */
export interface Owed {
  readonly owedMorePence: string;
  /** Below zero. */
  readonly owedBackPence: string;
}

export interface MovedAfterPayment extends Owed {
  readonly practice: string;
  readonly from: string;
  readonly to: string;
  readonly names: Names;
  readonly adjustments: number;
  readonly pence: string;
}

export const title = 'A practice moves after its network was paid';

export async function run(world: World): Promise<MovedAfterPayment> {
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
  const adjustments = await world.rows<{ pence: string }>(
    'declaration-workflow',
    `SELECT organisation_code, service_code, pence::text FROM declaration WHERE kind = 'adjustment' ORDER BY 1, 2`,
  );
  if (adjustments.length === 0) throw new Error('A change after payment should have opened adjustments');
  const pcn = move.leavesPcnCode;
  // Lines are gathered into digests once a second.
  await until(`${pcn} is told of its adjustment`, async () => {
    const told = await world.all<Message>(
      world.declarerOf(pcn),
      'messaging-centre',
      `messages?organisationCode=${pcn}`,
    );
    return told.some((message) => message.kind === 'ADJUSTMENT_OPENED');
  });
  return {
    practice: move.practiceCode,
    from: move.leavesPcnCode,
    to: move.joinsPcnCode,
    names: await world.namesOf(move.practiceCode, move.leavesPcnCode, move.joinsPcnCode),
    adjustments: adjustments.length,
    pence: adjustments.reduce((sum, a) => sum + BigInt(a.pence), 0n).toString(),
    ...owedOf(adjustments),
  };
}

export function owedOf(adjustments: readonly { readonly pence: string }[]): Owed {
  const sum = (fits: (pence: bigint) => boolean) =>
    adjustments
      .map(({ pence }) => BigInt(pence))
      .filter(fits)
      .reduce((all, pence) => all + pence, 0n)
      .toString();
  return { owedMorePence: sum((pence) => pence > 0n), owedBackPence: sum((pence) => pence < 0n) };
}

export function tell({
  practice,
  from,
  to,
  names,
  adjustments,
  owedMorePence,
  owedBackPence,
}: MovedAfterPayment): string[] {
  const back = owedBackPence.replace('-', '');
  const owed = [
    ...(isNil(owedMorePence) ? [] : [`${pounds(owedMorePence)} more is owed`]),
    ...(isNil(back) ? [] : [`${pounds(back)} was paid too much`]),
  ];
  return [
    `${named(names, practice)} moved from ${named(names, from)} to ${named(names, to)} although both had been paid. What was paid stays as it is.`,
    `${count(adjustments, 'adjustment was', 'adjustments were')} opened for the difference${owed.length > 0 ? `: ${owed.join(', ')}` : ''}. Both networks were told.`,
  ];
}
