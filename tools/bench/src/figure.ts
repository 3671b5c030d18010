// What a benchmark hands back, and what can be said of it.

export type Better = 'higher' | 'lower';

/** Ratios are ours ÷ peer, the others in the figure's unit. A goal is shown; only `ratio` and `value` are judged. */
export interface Target {
  readonly ratio?: number;
  readonly goalRatio?: number;
  readonly value?: number;
  readonly goal?: number;
}

/**
 * One measured figure beside its peer. Both were measured in the same rotation, so that their ratio bears the machine's
 * changing speed.
 */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly better: Better;
  /** One per rotation. */
  readonly ours: readonly number[];
  readonly peer?: { readonly name: string; readonly values: readonly number[] } | undefined;
  readonly target?: Target | undefined;
  readonly notes?: Readonly<Record<string, unknown>>;
}

export interface Spread {
  readonly best: number;
  readonly median: number;
  readonly rotations: readonly number[];
}

export interface Summary extends Pick<Figure, 'name' | 'unit' | 'better' | 'target' | 'notes'> {
  readonly ours: Spread;
  readonly peer: (Spread & { readonly name: string }) | undefined;
  readonly ratio: Spread | undefined;
  readonly verdict: 'no target' | 'met' | 'met at best' | 'missed';
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const at = (place: number): number => sorted[place] ?? NaN;
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}

/** The value below which the share lies, by nearest rank: of few values the 99th percentile is the largest. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export function summarise(figure: Figure): Summary {
  const { name, unit, better, target, notes, peer } = figure;
  const spread = (values: readonly number[]): Spread => ({
    best: better === 'higher' ? Math.max(...values) : Math.min(...values),
    median: median(values),
    rotations: values,
  });
  const ours = spread(figure.ours);
  const ratio = peer && spread(peer.values.map((value, rotation) => (figure.ours[rotation] ?? NaN) / value));
  return {
    name,
    unit,
    better,
    ours,
    peer: peer && { name: peer.name, ...spread(peer.values) },
    ratio,
    target,
    verdict: verdictOf({ target, better, ratio, ours }),
    notes,
  };
}

/** The median decides; that the best rotation alone meets the target is said, because the machine is shared. */
function verdictOf({
  target,
  better,
  ratio,
  ours,
}: Pick<Summary, 'target' | 'better' | 'ratio' | 'ours'>): Summary['verdict'] {
  if (!target || (target.ratio === undefined && target.value === undefined)) return 'no target';
  const reaches = (bound: number | undefined, value: number | undefined): boolean =>
    bound === undefined || (value !== undefined && (better === 'higher' ? value >= bound : value <= bound));
  const meets = (which: 'best' | 'median'): boolean =>
    reaches(target.ratio, ratio?.[which]) && reaches(target.value, ours[which]);
  if (meets('median')) return 'met';
  return meets('best') ? 'met at best' : 'missed';
}
