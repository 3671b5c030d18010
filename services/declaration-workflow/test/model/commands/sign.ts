import fc from 'fast-check';
import { signed, stageRefused } from '../../neighbours.js';
import { command, PEOPLE } from '../command.js';
import { mayBeSignedFor, tierDue, type Tier } from '../model-policy.js';
import type { ReferenceModel } from '../reference-model.js';

interface Args {
  readonly stage: 'commissioner' | 'finance';
  readonly by: string;
  readonly decision: 'approve' | 'refuse';
  readonly superseded: boolean;
  readonly foreign: boolean;
  /** Of the commissioner's route; left out: it names none. */
  readonly tier?: Tier | 'due' | null;
}

const STATUS = {
  commissioner: 'AWAITING_COMMISSIONER_APPROVAL',
  finance: 'AWAITING_FINANCE_APPROVAL',
} as const;

/** A signature, or a refusal, of one stage. */
export const sign = command<Args>({
  name: 'sign',
  aboutOne: true,
  weight: 7,
  args: fc.oneof(
    // Mostly what leads on, or nothing would ever be paid.
    {
      weight: 4,
      arbitrary: fc.record({
        stage: fc.constantFrom('commissioner', 'finance'),
        by: fc.constantFrom('approver', 'finance'),
        decision: fc.constant('approve'),
        superseded: fc.constant(false),
        foreign: fc.constant(false),
        tier: fc.constantFrom('due', 'due', 'due', null, 'senior'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        stage: fc.constantFrom('commissioner', 'finance'),
        by: fc.constantFrom(...PEOPLE),
        decision: fc.constantFrom('approve', 'refuse'),
        superseded: fc.constantFrom(false, false, false, true),
        foreign: fc.constantFrom(false, false, false, true),
        tier: fc.constantFrom('due', null, 'commissioner', 'senior', 'executive', 'board'),
      }),
    },
  ) as fc.Arbitrary<Args>,
  async run(model, real, drawn) {
    const tier = drawn.tier === 'due' ? tierDue(model.subject!) : (drawn.tier ?? null);
    const args = { ...drawn, tier };
    const { stage, by, decision, superseded, foreign } = args;
    const stored = real.of(model.subject!);
    const changes = {
      declarationVersion: Math.max(1, model.subject!.version + (superseded ? 1 : 0)),
      approvalVersion: ++model.subject!.approvalVersion,
      ...(stage === 'commissioner' && tier !== null ? { tier } : {}),
      ...(foreign ? { forOrganisation: 'XQB' } : {}),
    };
    const make = decision === 'approve' ? signed : stageRefused;
    const event = make(stored.declaration_id, stage, by, changes);
    const expected = whyNot(model, args);
    const met = expected === null ? take(model, args) : [];
    const before = real.told;
    const thrown = await real.hear('approvals', event, () => undefined);
    const answer = real.toldSince(before).find((one) => one.definition.type === 'approval.refused.v1')
      ?.data as { code: string } | undefined;
    return { expected, given: thrown ?? answer?.code ?? null, met };
  },
});

type Given = Args & { readonly tier: Tier | null };

function whyNot(
  model: ReferenceModel,
  { stage, by, decision, superseded, foreign, tier }: Given,
): string | null {
  const d = model.subject!;
  if (superseded) return 'VERSION_SUPERSEDED';
  if (d.status !== STATUS[stage]) return 'WRONG_STAGE';
  if (foreign) return 'WRONG_COMMISSIONER';
  if (decision === 'refuse') return null;
  if (stage === 'commissioner' && !mayBeSignedFor(d, tier)) return 'TIER_NOT_DUE';
  if (by === d.declaredBy || d.tiersSigned.some(([, signer]) => signer === by)) return 'SAME_PERSON';
  // Nobody signs two stages of one version, also when the first was set aside.
  if (stage === 'finance' && d.setAside.includes(by)) return 'SAME_PERSON';
  return model.obstacle(d);
}

function take(model: ReferenceModel, { stage, by, decision }: Given): readonly string[] {
  const d = model.subject!;
  if (decision === 'refuse') {
    if (stage === 'commissioner') d.unsign();
    else {
      d.setAside.push(...d.tiersSigned.map(([, signer]) => signer));
      d.tiersSigned = [];
      d.commissionerSignedBy = d.financeSignedBy = null;
    }
    d.wasSentBack = true;
    d.status = stage === 'commissioner' ? 'AWAITING_PROVIDER_APPROVAL' : 'AWAITING_COMMISSIONER_APPROVAL';
  } else if (stage === 'commissioner') {
    d.tiersSigned.push([tierDue(d)!, by]);
    d.commissionerSignedBy = by;
    if (tierDue(d) !== null) return ['one tier of several signed'];
    d.status = 'AWAITING_FINANCE_APPROVAL';
    return [`route of ${d.tiersSigned.length} signed`];
  } else {
    d.financeSignedBy = by;
    d.status = d.pence === 0n ? 'SETTLED_NIL' : 'FINANCIALLY_APPROVED';
  }
  return [];
}
