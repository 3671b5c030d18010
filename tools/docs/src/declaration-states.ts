// docs/declaration-states.md: the table of a declaration, drawn. Made by tools/docs from the built code.
import type { DeclarationTable, Step } from './described.js';

/** What stands behind a step, where its name does not say it. */
const NAMES: Readonly<Record<string, string>> = {
  'settle-nil': 'approve at £0',
  'not-include': 'not included',
  recalculate: 'figures differ',
};

const nameOf = (action: string): string => NAMES[action] ?? action.replaceAll('-', ' ');
const kindOf = (row: Step): string =>
  (row.kind ? ` (${row.kind} only)` : '') + (row.onlyWith ? ` (only with ${row.onlyWith})` : '');

/** Markdown. */
export function renderDeclarationStates({
  DECLARATION_TRANSITIONS: rows,
  STATUS_LABELS: labels,
}: DeclarationTable): string {
  const statuses = Object.keys(labels);
  const used = statuses.filter((status) => rows.some((row) => row.from === status || row.to === status));
  return [
    '# The states of a declaration',
    '',
    'Drawn from `services/declaration-workflow/src/domain/core/declaration.transitions.ts` by `npm run docs:generate`; what is not listed is refused. A hold is not a state: under a hold a declaration is shown as *On Hold* and takes no step towards payment, wherever it stands.',
    '',
    '```mermaid',
    ...diagram(rows, used, labels),
    '```',
    '',
    '| From | Step | By | To | Event |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${row.from ? `\`${row.from}\`` : '–'} | ${nameOf(row.on)}${kindOf(row)} | ${row.by.join(', ')} | \`${row.to}\` | \`${row.emits}\` |`,
    ),
    '',
    '| Status | What people read | Steps away from it |',
    '| --- | --- | --- |',
    ...statuses.map((status) => {
      const away = [...new Set(rows.filter((row) => row.from === status).map((row) => nameOf(row.on)))];
      const none = used.includes(status) ? 'none: an end' : 'none, and none leads to it yet';
      return `| \`${status}\` | ${labels[status]} | ${away.length > 0 ? away.join(', ') : none} |`;
    }),
    '',
  ].join('\n');
}

/** Steps between the same two states share an arrow. */
function diagram(
  rows: readonly Step[],
  used: readonly string[],
  labels: DeclarationTable['STATUS_LABELS'],
): string[] {
  const arrows = new Map<string, string[]>();
  for (const row of rows) {
    const arrow = `${row.from ?? '[*]'} --> ${row.to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), `${nameOf(row.on)}${kindOf(row)}`]);
  }
  const ends = used.filter((status) => !rows.some((row) => row.from === status));
  return [
    'stateDiagram-v2',
    ...used.map((status) => `  ${status}: ${labels[status]}`),
    ...[...arrows].map(([arrow, names]) => `  ${arrow}: ${[...new Set(names)].join(', ')}`),
    ...ends.map((status) => `  ${status} --> [*]`),
  ];
}
