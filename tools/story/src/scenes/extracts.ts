// The extract files are dropped; the scene ends when everything that they make payable can be declared.
import { basename } from 'node:path';
import { silent, type Progress } from '@attest/invariants/progress';
import { each, until } from '@attest/stack/http-client';
import { count, pounds } from '../words.js';
import type { World } from '../world.js';
import { totalsOf } from './totals.js';

export interface Extracted {
  readonly files: number;
  readonly pages: number;
  readonly rejectedRows: number;
  readonly declarations: number;
  readonly pence: string;
  readonly intakeSeconds: number;
  readonly fileSetToDeclarableSeconds: number;
}

export const title = 'Extract files arrive and become figures';

export async function run(world: World, progress: Progress = silent): Promise<Extracted> {
  const { manifest, people } = world;
  await world.moveClock(manifest.calendar.open);
  const started = performance.now();
  let sent = 0;
  // Two suppliers send at once.
  await each(manifest.extractFiles, 2, async (file) => {
    const query = new URLSearchParams({ layout: file.layout, fileName: basename(file.path) });
    if (file.layout === 'qof-long') {
      query.set('serviceCode', file.serviceCode);
      query.set('achievementDate', file.achievementDate);
    }
    await world.upload(people.extractSupplier, 'extraction-intake', `extract-files?${query}`, file.path);
    progress(++sent, manifest.extractFiles.length, 'read extract files:');
  });
  const intakeSeconds = (performance.now() - started) / 1000;
  const expected = manifest.expected.declarations;
  await until(
    `${expected} declarations can be declared`,
    async () => {
      const ready = await world.count(
        'declaration-workflow',
        `SELECT count(*) FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' AND kind = 'achievement'`,
      );
      progress(ready, expected, 'calculated and ready to declare:');
      return ready >= expected;
    },
    // Each look counts 45,000 rows.
    { withinMs: 300_000, everyMs: 250 },
  );
  const declarableSeconds = (performance.now() - started) / 1000;
  const totals = await totalsOf(world, `kind = 'achievement'`);
  return {
    files: sent,
    pages: await world.count('extraction-intake', 'SELECT count(*) FROM page'),
    rejectedRows: await world.count('extraction-intake', 'SELECT count(*) FROM rejected_row'),
    declarations: totals.n,
    pence: totals.pence,
    intakeSeconds: round(intakeSeconds),
    fileSetToDeclarableSeconds: round(declarableSeconds),
  };
}

export function tell({
  files,
  pages,
  rejectedRows,
  declarations,
  pence,
  fileSetToDeclarableSeconds,
}: Extracted): string[] {
  return [
    `${count(files, 'file')} from the practices’ systems held ${count(pages, 'page')}, one for each practice and service; ${rejectedRows === 0 ? 'every row could be used' : `${count(rejectedRows, 'row')} could not be used and can be looked at`}.`,
    `${count(declarations, 'figure')} worth ${pounds(pence)} ${declarations === 1 ? 'was' : 'were'} ready to be declared ${fileSetToDeclarableSeconds.toFixed(1)} s after the first file was sent.`,
  ];
}

const round = (seconds: number) => Number(seconds.toFixed(2));
