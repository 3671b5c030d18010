// The table that `npm run bench` prints: one line per figure.
import type { Spread, Summary } from './figure.js';

const HEADS = ['figure', 'ours best / median', 'peer best / median', 'ratio', 'target', ''];

export function table(summaries: readonly Summary[]): string[] {
  const rows = summaries.map((summary) => [
    summary.name,
    `${pair(summary.ours)} ${summary.unit}`,
    summary.peer ? `${pair(summary.peer)}  ${summary.peer.name}` : '',
    summary.ratio ? pair(summary.ratio) : '',
    targetOf(summary),
    summary.verdict === 'no target' ? '' : summary.verdict,
  ]);
  const widths = HEADS.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  return [HEADS, widths.map((width) => '─'.repeat(width)), ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function targetOf({ target, better, unit }: Summary): string {
  if (!target) return '';
  const sign = better === 'higher' ? '≥' : '≤';
  return [
    target.ratio === undefined ? '' : `${sign} ${target.ratio}×`,
    target.value === undefined ? '' : `${sign} ${show(target.value)} ${unit}`,
    target.goalRatio === undefined ? '' : `goal ${target.goalRatio}×`,
    target.goal === undefined ? '' : `goal ${show(target.goal)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

const pair = ({ best, median }: Spread): string => `${show(best)} / ${show(median)}`;

/** Three figures that mean something, thousands apart. */
export function show(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Number(value.toFixed(0)).toLocaleString('en-GB');
  return String(Number(value.toPrecision(3)));
}
