import type { ServicePolicy } from '@attest/contracts';
import { under, type PlacedFault } from './placed-fault.js';

/** Whether every amount finds its signatures: bands that rise to an open end, of tiers that there are. */
export function checkPolicy({ approval, route, tiers }: ServicePolicy): PlacedFault[] {
  const names = tiers.map((tier) => tier.name);
  const twice = names.flatMap((name, i) =>
    names.indexOf(name) === i ? [] : [{ at: `/tiers/${i}/name`, detail: 'names a tier twice' }],
  );
  const missing =
    approval === 'required' && route.length === 0
      ? [{ at: '/route', detail: 'has no band, so no amount could be approved' }]
      : [];
  return [
    ...twice,
    ...missing,
    ...route.flatMap((_, i) => under(`/route/${i}`, checkBand(i, route, names, approval))),
  ];
}

function checkBand(
  place: number,
  route: ServicePolicy['route'],
  names: readonly string[],
  approval: ServicePolicy['approval'],
): PlacedFault[] {
  const { belowPence, tiers } = route[place]!;
  const faults: PlacedFault[] = [];
  const refuse = (wrong: boolean, at: string, detail: string): void =>
    void (wrong && faults.push({ at, detail }));
  const isLast = place === route.length - 1;
  refuse(isLast && belowPence !== null, '/belowPence', 'closes the last band, so larger amounts have none');
  refuse(!isLast && belowPence === null, '/belowPence', 'ends the route before its last band');
  const before = route[place - 1]?.belowPence ?? '0';
  refuse(
    belowPence !== null && BigInt(belowPence) <= BigInt(before),
    '/belowPence',
    'does not rise above the band before it',
  );
  refuse(
    tiers.length === 0 && approval === 'required',
    '/tiers',
    'is empty although approval is required; name a tier, or set approval to not-required',
  );
  tiers.forEach((name, i) => {
    refuse(!names.includes(name), `/tiers/${i}`, 'is no tier of this policy');
    refuse(tiers.indexOf(name) !== i, `/tiers/${i}`, 'asks one tier twice');
  });
  return faults;
}
