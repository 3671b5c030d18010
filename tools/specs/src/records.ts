// docs/records.md: when what is too long for `npm test` last ran, and what came of it.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { CannotStart } from '@attest/stack/cannot-start';
import { projectFolder } from '@attest/stack/paths';

export const RECORDS = join('docs', 'records.md');

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: projectFolder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** The commit that is about to be proved. A record that names a commit must be of that commit and nothing else. */
export function committed(): string {
  const changed = git('status', '--porcelain', '--', '.', `:!${RECORDS}`).trim();
  if (changed)
    throw new CannotStart(`A record names the commit that it proves: commit these first.\n${changed}`);
  return git('rev-parse', '--short=10', 'HEAD').trim();
}

/** Cells of the table under a heading, without its head. */
export function rowsOf(text: string, heading: string): string[][] {
  const { table } = sectionOf(text, heading);
  return table.slice(2).map(cellsOf);
}

/**
 * The text with one row more in the table under the heading; it takes the place of one that begins with the
 * same cells, as many as `same` says.
 */
export function withRow(text: string, heading: string, row: string[], same = row.length): string {
  const { before, table, after } = sectionOf(text, heading);
  const [head = '', rule = '', ...rows] = table;
  const key = (cells: string[]) => cells.slice(0, same).join('|');
  const kept = rows.filter((line) => key(cellsOf(line)) !== key(row));
  return [
    ...before,
    head,
    rule,
    ...kept,
    `| ${row.map((cell) => cell.replace(/[|\n]/g, ' ')).join(' | ')} |`,
    ...after,
  ].join('\n');
}

export async function changeRecords(change: (text: string) => string): Promise<void> {
  const file = join(projectFolder, RECORDS);
  const text = await format(change(readFileSync(file, 'utf8')), { parser: 'markdown', printWidth: 110 });
  writeFileSync(file, text);
}

export const readRecords = (): string => readFileSync(join(projectFolder, RECORDS), 'utf8');

/** How many commits since then touched what a record covers; undefined where the commit is not known here. */
export function commitsSince(commit: string, covers: readonly string[]): number | undefined {
  try {
    return git('log', '--oneline', `${commit}..HEAD`, '--', ...covers)
      .split('\n')
      .filter(Boolean).length;
  } catch {
    return undefined;
  }
}

function sectionOf(text: string, heading: string): { before: string[]; table: string[]; after: string[] } {
  const lines = text.split('\n');
  const start = lines.indexOf(`## ${heading}`);
  if (start < 0) throw new Error(`${RECORDS} has no section ${heading}`);
  const first = lines.findIndex((line, at) => at > start && line.startsWith('|'));
  const end = lines.findIndex((line, at) => at > first && !line.startsWith('|'));
  return { before: lines.slice(0, first), table: lines.slice(first, end), after: lines.slice(end) };
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
