import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ALL_SPECS } from '@attest/specs/all-specs';

/** What starts a process that stays, or a server, wherever a spec or one of its helpers names it. */
const STARTS = /\b(spawn|fork|OwnProcess|ownKafka|ownPostgres|startServices|startInfrastructure)\b/;
/** The spec's own text and that of the helpers beside it, as far as they lead. */
function textsOf(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  const helpers = [...text.matchAll(/from '(\.{1,2}\/[^']+)\.js'/g)]
    .map(([, name]) => join(dirname(path), `${name}.ts`))
    .filter((helper) => helper.includes('/test/') || helper.startsWith('test/'));
  return [text, ...helpers.flatMap((helper) => textsOf(helper, seen))];
}

describe('a spec that starts processes or servers', () => {
  it('is named .alone.spec.ts, so that it waits for nobody and nobody for it', () => {
    const beside = ALL_SPECS.filter(
      (path) =>
        !/(\.alone|what-runs-alone)\.spec\.ts$/.test(path) && textsOf(path).some((text) => STARTS.test(text)),
    );
    expect(beside).toEqual([]);
  });
});
