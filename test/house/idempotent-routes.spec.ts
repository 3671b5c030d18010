import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const sources = (room: string): { path: string; text: string }[] =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)src\/.*\.ts$/.test(path) && !/node_modules|\.spec\.ts$/.test(path))
    .map((path) => ({ path: join(room, path), text: readFileSync(join(room, path), 'utf8') }));

/** And what services share of their routes and use cases. */
const SERVICES = [...sources('services'), ...sources('libs/bulk')];
const CONTROLLERS = [...SERVICES, ...sources('libs/hosting')].filter(({ path }) =>
  path.endsWith('.controller.ts'),
);

/** The decorators of each handler that changes something, from its method's decorator to the next one's. */
const changing = CONTROLLERS.flatMap(({ path, text }) =>
  text
    .split(/\n(?= {2,4}@(?:Get|Post|Put|Patch|Delete|Head)\()/)
    .filter((part) => /^ {2,4}@(?:Post|Put|Patch|Delete)\(/.test(part))
    .map((part) => ({
      route: `${path.replace(/^(services|libs)\/|src\/(api\/)?/g, '')} ${/^ +@(\w+\([^)]*\))/.exec(part)![1]}`,
      joining: /@Idempotent\(([^)]*)\)/.exec(part)?.[1],
    })),
);

describe('a route that changes something', () => {
  it('takes an Idempotency-Key, unless repeating it does no harm', () => {
    expect(changing.filter(({ joining }) => joining === undefined).map(({ route }) => route)).toEqual([
      "hosting/operations/operations.controller.ts Post('consumption/pause')",
      "hosting/operations/operations.controller.ts Post('consumption/resume')",
    ]);
  });

  it('is one transaction with its kept answer: only these say otherwise when it begins', () => {
    const others = changing.filter(({ joining }) => joining !== undefined && joining !== '');
    expect(others.map(({ route, joining }) => `${route}: ${joining}`)).toEqual([
      "extraction-intake/extract-files.controller.ts Post(':fileId/read-again'): 'late'",
      "hosting/operations/operations.controller.ts Post('dead-letters/replay'): 'in parts'",
    ]);
  });

  it('commits nothing beside that transaction: a snapshot of its own only reads, and no service has connections of its own', () => {
    const beside = SERVICES.filter(({ text }) =>
      /\bisolation:|\bpg\.(Pool|Client)\b|atabase\.connect\(/.test(text),
    );
    expect(beside.map(({ path }) => path)).toEqual([
      'services/aggregation/src/application/rebuild-period.ts',
      'services/extraction-intake/src/application/withdraw-file.ts',
      'services/extraction-intake/src/persistence/reference.store.ts',
    ]);
    for (const { text } of beside) expect(text).toMatch(/isolation: 'repeatable read',\s+readOnly: true/);
  });

  it('does one thing after the other in it: of two transactions at once, the first one’s failure would undo the second', () => {
    const atOnce = SERVICES.filter(({ text }) => /\bPromise\.(all|allSettled|any|race)\(/.test(text));
    // Reads two lists of one message, in a route that changes nothing.
    expect(atOnce.map(({ path }) => path)).toEqual([
      'services/messaging-centre/src/api/messages.controller.ts',
    ]);
  });

  it('wakes whoever goes on only after the commit', () => {
    const early = SERVICES.filter(({ path }) => /\/application\/|^libs\/bulk\//.test(path)).flatMap(
      ({ path, text }) => {
        const lines = text.split('\n');
        return lines.flatMap((line, at) =>
          /this\.(work|worker)\.wake\(/.test(line) &&
          !/afterCommit/.test(lines.slice(Math.max(0, at - 3), at + 1).join('\n'))
            ? [`${path}:${at + 1}`]
            : [],
        );
      },
    );
    expect(early).toEqual([]);
  });
});
