// What a month came to, in pence by stage for machines and in pounds for people.
import type { AdjustedPence, PenceByStage, PlayedScenes } from './played.js';
import type { Adjusted } from './scenes/adjustments.js';
import { columns, pounds } from './words.js';

export function penceByStage(scenes: PlayedScenes): PenceByStage {
  return {
    calculated: scenes.extracts?.result.pence,
    declared: scenes.declare?.result.pence,
    financiallyApproved: scenes.approvals?.result.pence,
    sealed: scenes.release?.result.pence,
    paid: scenes.acknowledged?.result.pence,
    adjustments: scenes.adjustments && adjusted(scenes.adjustments.result),
  };
}

/** Each by itself: what one network gains another loses, so their sum alone would say that nothing happened. */
function adjusted({ paidPence, recoveredPence }: Adjusted): AdjustedPence {
  return {
    paid: paidPence,
    recovered: recoveredPence,
    net: (BigInt(paidPence) - BigInt(recoveredPence)).toString(),
  };
}

/** Stages that a month did not come to are left out. */
export function moneyLines({
  calculated,
  declared,
  financiallyApproved,
  paid,
  adjustments,
}: PenceByStage): string[] {
  const rows: [stage: string, pence: string | undefined, what: string][] = [
    ['calculated', calculated, 'from the extracts'],
    ['declared', declared, 'in time, by practices and networks'],
    ['approved', financiallyApproved, 'by commissioners and finance, late and amended figures too'],
    ['paid', paid, 'by the agency'],
    ['paid more', adjustments?.paid, 'with the next month, for a change after payment'],
    ['recovered', adjustments?.recovered, 'with the next month, for the same change'],
  ];
  return columns(
    rows.flatMap(([stage, pence, what]) => (pence === undefined ? [] : [[stage, pounds(pence), what]])),
    [1],
  );
}
