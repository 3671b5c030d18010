import fc from 'fast-check';
import { calculated, notApplicable } from '../../neighbours.js';
import { command } from '../command.js';

const RESULTS = ['10060', '25000', '0', 'nothing'] as const;

/** Aggregation says what comes out: newer or, from a slower topic, made with a membership that is not known here yet. */
export const figures = command({
  name: 'figures',
  early: true,
  weight: 5,
  args: fc.record({
    result: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...RESULTS) },
      { weight: 6, arbitrary: fc.constant('same') },
    ),
    /** How many membership changes they lag behind, or run ahead of what has been said here. */
    behind: fc.constantFrom(0, 0, 0, 1, -1),
    /** A page came anew. */
    amended: fc.constantFrom(false, false, false, true),
  }),
  async run(model, real, { result, behind, amended }) {
    const revision = ++model.revision;
    const latest = model.main?.latest.result ?? 10060n;
    const told = result === 'same' ? latest : result === 'nothing' ? result : BigInt(result);
    if (amended) model.page++;
    const { page } = model;
    const membership = Math.max(0, model.membership - behind);
    const who = {
      serviceCode: real.serviceCode,
      organisationCode: real.pcnCode,
      figureRevision: revision,
      memberships: { [real.pcnCode]: membership },
    };
    const inputs: { source: 'page' | 'pcn-membership'; key: string; version: number }[] = [
      { source: 'page', key: 'X00001', version: page },
      { source: 'pcn-membership', key: real.pcnCode, version: membership },
    ];
    const event =
      told === 'nothing' ? notApplicable(who) : calculated({ ...who, inputs, pence: String(told) });
    const apply = () =>
      model.figures({ revision, result: told, membership, page: told === 'nothing' ? null : page });
    apply();
    return { expected: null, given: await real.hear('achievements', event, apply) };
  },
});
