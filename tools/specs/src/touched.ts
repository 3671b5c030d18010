// Which specs a change touches. Jest follows imports; the rules here are for what no import shows.

/** What stands beneath everything: a change to it touches every spec. */
const EVERYTHING = [
  /^package(-lock)?\.json$/,
  /^tsconfig\.[^/]*json$/,
  /^jest\.config\.mjs$/,
  /^test\/jest\//,
  /^tools\/testing\/src\/(?!.*\.spec\.ts$)/,
  /^tools\/stack\/(kafka|src)\/(postgres|kafka|databases|infrastructure|process|running|cannot-start|memory|ports|paths|test|pom)[^/]*\.(ts|xml)$/,
];

/** A process that a spec starts is imported by nothing: what it runs, and which specs start one. */
const STARTED: { changed: RegExp; specs: (match: RegExpExecArray) => RegExp }[] = [
  // A lib runs in every process.
  { changed: /^libs\/[^/]+\/(src\/(?!.*\.spec\.ts$)|package\.json)/, specs: () => /\.alone\.spec\.ts$/ },
  {
    changed: /^services\/([^/]+)\/(src\/(?!.*\.spec\.ts$)|package\.json)/,
    specs: ([, service]) => new RegExp(`^(services/${service}/test|test)/.*\\.alone\\.spec\\.ts$`),
  },
  {
    changed: /^tools\/(?!.*\.spec\.ts$)/,
    specs: () => /^(tools\/.*|test\/.*\.alone)\.spec\.ts$/,
  },
  // What reads the sources as text.
  { changed: /\.ts$/, specs: () => /^(test\/house|tools\/specs\/test)\// },
  { changed: /^docs\/reference\//, specs: () => /^libs\/contracts\/test\// },
];

const isSource = (path: string): boolean => path.endsWith('.ts') && !path.endsWith('.spec.ts');
const isSpec = (path: string): boolean => path.endsWith('.spec.ts');

/**
 * Sorted. `changed` holds paths from the project's folder, `specs` every spec there is; `importing` gives the specs that
 * import one of its sources, through others too.
 */
export async function touchedSpecs(
  changed: readonly string[],
  specs: readonly string[],
  importing: (sources: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  if (changed.some((path) => EVERYTHING.some((rule) => rule.test(path)))) return [...specs];
  const touched = new Set(changed.filter((path) => isSpec(path) && specs.includes(path)));
  const sources = changed.filter(isSource);
  if (sources.length > 0) for (const spec of await importing(sources)) touched.add(spec);
  for (const { changed: rule, specs: started } of STARTED) {
    for (const path of changed) {
      const match = rule.exec(path);
      if (match) for (const spec of specs.filter((one) => started(match).test(one))) touched.add(spec);
    }
  }
  return [...touched].sort();
}
