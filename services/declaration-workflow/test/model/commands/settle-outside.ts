import fc from 'fast-check';
import { SettleOutside } from '../../../src/application/signing/settle-outside.js';
import { command } from '../command.js';
import type { ModelDeclaration } from '../model-declaration.js';
import { refusalOf, type RealAchievement } from '../real-achievement.js';
import type { ReferenceModel } from '../reference-model.js';
import { UNKNOWN } from './correct.js';

const AWAITING = [
  'AWAITING_PROVIDER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
];
interface Args {
  readonly does: 'propose' | 'withdraw' | 'confirm' | 'next';
  readonly by: 'approver' | 'second' | 'declarer';
  readonly stale: boolean;
}

/** Two people of the commissioner say that an adjustment was settled outside; then it is not paid here. */
export const settleOutside = command<Args>({
  name: 'settle-outside',
  aboutOne: true,
  weight: 3,
  args: fc.record({
    does: fc.constantFrom('next', 'next', 'next', 'next', 'propose', 'withdraw', 'confirm'),
    by: fc.constantFrom('approver', 'second', 'second', 'declarer'),
    stale: fc.constantFrom(false, false, false, false, true),
  }) as fc.Arbitrary<Args>,
  async run(model, real, drawn) {
    const d = model.subject!;
    const next = d.settlement === d.version ? 'confirm' : 'propose';
    const args = drawn.does === 'next' ? ({ ...drawn, does: next } as const) : drawn;
    const expected = args.by === 'declarer' ? 'NOT_YOUR_ORGANISATION' : whyNot(model, d, args);
    const given = await refusalOf(() => ask(real, d, args));
    if (expected !== null)
      return {
        expected,
        given,
        met: expected === 'SAME_PERSON' ? ['settled outside by one person refused'] : [],
      };
    if (args.does === 'confirm') {
      d.status = 'SETTLED_OUTSIDE';
      return { expected, given, met: ['settled outside'] };
    }
    d.settlement = args.does === 'propose' ? d.version : null;
    d.settlementBy = args.by;
    return { expected, given };
  },
});

function ask(real: RealAchievement, d: ModelDeclaration, { does, by, stale }: Args): Promise<unknown> {
  const useCase = real.system.get(SettleOutside);
  const { declaration_id: id, revision } = real.of(d);
  const seen = Number(revision) - (stale ? 1 : 0);
  const settlementId = real.settlements.get(d) ?? UNKNOWN;
  if (does === 'withdraw') return useCase.withdraw(by, id, settlementId, 'It was not.');
  if (does === 'confirm') return useCase.confirm(by, id, seen, settlementId);
  return useCase
    .propose(by, id, seen, 'By cheque.')
    .then(({ proposal }) => real.settlements.set(d, proposal.settlementId));
}

function whyNot(model: ReferenceModel, d: ModelDeclaration, { does, by, stale }: Args): string | null {
  const isKnown = d.settlement !== null;
  const isSuperseded = d.settlement !== d.version;
  const mayEnd = d.kind === 'adjustment' && AWAITING.includes(d.status);
  if (does !== 'propose' && !isKnown) return 'SETTLEMENT_UNKNOWN';
  if (does === 'withdraw')
    return mayEnd ? (isSuperseded ? 'SETTLEMENT_SUPERSEDED' : null) : 'ILLEGAL_TRANSITION';
  if (stale) return 'STALE_VERSION';
  if (d.kind === 'achievement') return 'ONLY_ADJUSTMENTS_SETTLE_OUTSIDE';
  if (!mayEnd) return 'ILLEGAL_TRANSITION';
  const obstacle = model.obstacle(d);
  if (obstacle !== null) return obstacle;
  if (does === 'propose') return isSuperseded ? null : 'SETTLEMENT_EXISTS';
  if (isSuperseded) return 'SETTLEMENT_SUPERSEDED';
  return by === d.settlementBy ? 'SAME_PERSON' : null;
}
