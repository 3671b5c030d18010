import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY, TIERED_POLICY_EXAMPLE, type ServicePolicy } from '@attest/contracts';
import { checkPolicy } from './check-policy.js';

const copy = (policy: object): ServicePolicy => JSON.parse(JSON.stringify(policy)) as ServicePolicy;
const tiered = (changes: Partial<ServicePolicy> = {}): ServicePolicy => ({
  ...copy(TIERED_POLICY_EXAMPLE),
  ...changes,
});
const bands = (...route: [string | null, ...string[]][]): Partial<ServicePolicy> => ({
  route: route.map(([belowPence, ...tiers]) => ({ belowPence, tiers })),
});

describe('a policy', () => {
  it.each<[string, ServicePolicy]>([
    ['the default', copy(DEFAULT_POLICY)],
    ['a route of three bands', tiered()],
    ['no approval and no route', tiered({ approval: 'not-required', route: [], tiers: [] })],
    ['no approval and a band without tiers', tiered({ approval: 'not-required', ...bands([null]) })],
    [
      'two tiers of one role',
      tiered({ tiers: tiered().tiers.map((t) => ({ ...t, role: 'APPROVAL_MANAGEMENT' })) }),
    ],
  ])('is right with %s', (_, policy) => {
    expect(checkPolicy(policy)).toEqual([]);
  });

  it.each<[string, ServicePolicy, string]>([
    ['no band', tiered({ route: [] }), '/route'],
    ['a last band that ends', tiered(bands(['100', 'manager'])), '/route/0/belowPence'],
    [
      'an open end before the last band',
      tiered(bands([null, 'manager'], [null, 'senior'])),
      '/route/0/belowPence',
    ],
    [
      'bands that fall',
      tiered(bands(['200', 'manager'], ['100', 'senior'], [null, 'executive'])),
      '/route/1/belowPence',
    ],
    [
      'two bands alike',
      tiered(bands(['100', 'manager'], ['100', 'senior'], [null, 'executive'])),
      '/route/1/belowPence',
    ],
    ['a first band of nothing', tiered(bands(['0', 'manager'], [null, 'senior'])), '/route/0/belowPence'],
    ['a tier that nobody defined', tiered(bands([null, 'king'])), '/route/0/tiers/0'],
    ['a tier asked twice', tiered(bands([null, 'manager', 'manager'])), '/route/0/tiers/1'],
    ['a band without tiers', tiered(bands(['100'], [null, 'manager'])), '/route/0/tiers'],
    [
      'a tier defined twice',
      tiered({ tiers: [...tiered().tiers, { name: 'manager', role: 'SENIOR_APPROVAL_MANAGEMENT' }] }),
      '/tiers/3/name',
    ],
  ])('with %s is told where', (_, policy, at) => {
    expect(checkPolicy(policy).map((fault) => fault.at)).toContain(at);
  });
});
