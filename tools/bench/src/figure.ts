// @ts-nocheck
// What a benchmark hands back, and what can be said of it.

/**
 * One measured figure beside its peer. Both were measured in the same rotation, so that their ratio bears the machine's
 * changing speed.
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} unit
 * @property {'higher' | 'lower'} better
 * @property {number[]} ours one per rotation
 * @property {{ name: string, values: number[], unit?: string } | undefined} peer one value per rotation
 * @property {{ ratio?: number, goalRatio?: number, value?: number, goal?: number } | undefined} target ratios are ours ÷
 *   peer, the others in the figure's unit. A goal is shown; only `ratio` and `value` are judged.
 * @property {Record<string, unknown>} [notes]
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The value below which the share lies, by nearest rank: of few values the 99th percentile is the largest.
 * @param {readonly number[]} values
 * @param {number} share
 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** @param {Figure} figure */
export function summarise(figure) {
  const best = (values, better) => (better === 'higher' ? Math.max(...values) : Math.min(...values));
  const { ours, peer, better, target } = figure;
  const ratios = peer?.values.map((value, rotation) => ours[rotation] / value);
  const summary = {
    name: figure.name,
    unit: figure.unit,
    better,
    ours: { best: best(ours, better), median: median(ours), rotations: ours },
    peer: peer && {
      name: peer.name,
      best: best(peer.values, better),
      median: median(peer.values),
      rotations: peer.values,
    },
    ratio: ratios && { best: best(ratios, better), median: median(ratios), rotations: ratios },
    target,
    verdict: 'no target',
    notes: figure.notes,
  };
  return { ...summary, verdict: verdictOf(summary) };
}

/** The median decides; that the best rotation alone meets the target is said, because the machine is shared. */
function verdictOf({ target, better, ratio, ours }) {
  if (!target || (target.ratio === undefined && target.value === undefined)) return 'no target';
  const meets = (which) =>
    [
      [target.ratio, ratio?.[which]],
      [target.value, ours[which]],
    ].every(
      ([bound, value]) =>
        bound === undefined ||
        (value !== undefined && (better === 'higher' ? value >= bound : value <= bound)),
    );
  if (meets('median')) return 'met';
  return meets('best') ? 'met at best' : 'missed';
}
