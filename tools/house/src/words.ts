/** Says in words what the house's tools report as JSON. A report that has another form than expected is an error. */

interface ImportReport {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
      readonly cycle?: readonly { readonly name: string }[];
    }[];
    readonly ruleSetUsed: {
      readonly forbidden: readonly { readonly name: string; readonly comment: string }[];
    };
  };
}

/** Of dependency-cruiser. */
export function violationsIn(report: string): string[] {
  const { summary } = JSON.parse(report) as ImportReport;
  // Nothing read is nothing checked.
  if (!(summary.totalCruised > 0)) throw new Error('dependency-cruiser read no file.');
  const comments = new Map(summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]));
  const said = new Set<string>();
  const faults: string[] = [];
  for (const { from, to, rule, cycle } of summary.violations) {
    // One circle is reported once for each file in it.
    const circle = cycle && [...new Set(cycle.map(({ name }) => name))].sort().join(' ');
    if (circle !== undefined && said.has(circle)) continue;
    if (circle !== undefined) said.add(circle);
    const way = cycle ? [from, ...cycle.map(({ name }) => name)].join(' -> ') : `${from} -> ${to}`;
    faults.push(`${way}\n    ${comments.get(rule.name) ?? rule.name}`);
  }
  return faults;
}

interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}
interface RepetitionReport {
  readonly statistics: { readonly total: { readonly sources: number } };
  readonly duplicates: readonly {
    readonly lines: number;
    readonly firstFile: Place;
    readonly secondFile: Place;
  }[];
}

/** Of jscpd. @param nameOf a file as people know it */
export function duplicatesIn(report: string, nameOf: (file: string) => string): string[] {
  const { duplicates, statistics } = JSON.parse(report) as RepetitionReport;
  if (!(statistics.total.sources > 0)) throw new Error('jscpd read no file.');
  const at = ({ name, start, end }: Place): string => `${nameOf(name)}:${start}-${end}`;
  return duplicates.map(
    ({ lines, firstFile, secondFile }) =>
      `${at(firstFile)} and ${at(secondFile)} are the same for ${lines} lines: say it once, or make it a table.`,
  );
}

interface Unused {
  readonly name: string;
  readonly line?: number;
}
type UnusedOfFile = { readonly file: string } & Readonly<Record<string, readonly Unused[] | string>>;

const KINDS: Readonly<Record<string, string>> = {
  files: 'is a file that nobody imports: delete it.',
  dependencies: 'is a dependency that nobody imports: take it out.',
  devDependencies: 'is a dependency that nobody imports: take it out.',
  unlisted: 'is imported and not listed: add it to the dependencies.',
  unresolved: 'is imported and leads nowhere.',
  exports: 'is exported and nobody takes it: delete it, or keep it to its file.',
  types: 'is an exported type that nobody takes: delete it, or keep it to its file.',
  duplicates: 'is exported under two names: keep one.',
};

/** Of knip. */
export function unusedIn(report: string): string[] {
  const { issues } = JSON.parse(report) as { readonly issues: readonly UnusedOfFile[] };
  return issues.flatMap((issue) =>
    Object.entries(KINDS).flatMap(([kind, words]) => {
      const found = issue[kind];
      if (!Array.isArray(found)) return [];
      return (found as readonly (Unused | readonly Unused[])[]).map((one) => {
        const name = 'name' in one ? one.name : one.map((each) => each.name).join(' and ');
        const line = 'line' in one && one.line !== undefined ? `:${one.line}` : '';
        return `${issue.file}${line}: ${name} ${words}`;
      });
    }),
  );
}
