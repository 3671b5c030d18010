// England's payment month as `npm start -- --exit --json` plays it, in a process of its own, once.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { spawn } from 'node:child_process';
import { monthFiles } from '@attest/england/month-files';
import { watchMemory, type MemorySample } from '@attest/stack/memory';
import { openStateFolder, projectFolder } from '@attest/stack/paths';
import { say } from '@attest/stack/say';
import { sizeLines } from '@attest/story/database-size';
import type { Summary } from '@attest/story/played';
import { writeCopyFile } from './extract-files.js';
import type { Figure, Target } from './figure.js';
import type { RawCommands } from './raw-process.js';
import { newPrefix, type Stand } from './stand.js';
import { dropTopics, freshTopics } from './topics.js';

export async function measure(stand: Stand): Promise<Figure[]> {
  await stand.closeEngland();
  await stand.stopInfrastructure();
  const stateDir = join(stand.folder, 'month');
  const { data } = stand.options;
  // As on every start but the first: the month's files are there, the databases are not.
  openStateFolder(stateDir);
  const month = await monthFiles({ england: data ? { data } : { seed: 1, region: false }, stateDir, say });
  const played = await play(stand, stateDir, data);
  const { scenes } = played;
  say(
    `  ${Object.entries(scenes)
      .map(([name, scene]) => `${name} ${scene.seconds} s`)
      .join(', ')}`,
  );
  if (played.databases) for (const line of sizeLines(played.databases)) say(`  ${line}`);
  const extracts = scenes.extracts?.result;
  const rows = await rowsOf(month.manifest.extractFiles);
  const raw = extracts ? await rawSeconds(stand, { rows, ...extracts }) : undefined;
  const notes = {
    data: data ? 'published' : 'made up',
    passed: played.passed,
    failed: played.failed,
    sceneSeconds: Object.fromEntries(Object.entries(scenes).map(([name, scene]) => [name, scene.seconds])),
    pence: played.pence,
  };
  const figure = (
    name: string,
    unit: string,
    value: number | undefined,
    target: Target,
    more: Pick<Figure, 'peer' | 'notes'> = {},
  ): Figure[] =>
    value === undefined ? [] : [{ name, unit, better: 'lower', ours: [value], target, notes, ...more }];
  const figures = [
    ...figure('month: stack ready', 's', played.readySeconds, { value: 12 }),
    ...figure(
      'month: file set → everything declarable',
      's',
      extracts?.fileSetToDeclarableSeconds,
      { value: 15, goal: 10 },
      {
        peer: raw && {
          name: 'the same rows COPYed, the same events produced and consumed raw',
          values: [raw.seconds],
        },
        notes: { ...notes, rows, pages: extracts?.pages, declarations: extracts?.declarations, raw },
      },
    ),
    ...figure('month: everything declared', 's', scenes.declare?.seconds, { value: 73 }),
    ...figure('month: everything approved', 's', scenes.approvals?.seconds, { value: 44 }),
    ...figure('month: released', 's', scenes.release?.seconds, { value: 30 }),
    ...figure('month: answers taken', 's', scenes.acknowledged?.result.answeredSeconds, { value: 5 }),
    ...figure('month: all paid', 's', scenes.acknowledged?.result.paidSeconds, { value: 17 }),
    ...figure('month: the whole story', 's', played.failed ? undefined : played.storySeconds, { value: 240 }),
    ...figure(
      'month: peak memory of the whole stack',
      'MB',
      played.peakMb,
      { value: 2_000 },
      {
        notes: { ...notes, measure: played.memoryMeasure, largest: played.largest },
      },
    ),
    ...figure(
      'month: databases, of each declaration',
      'kB',
      played.databases?.kbPerDeclaration,
      { value: 20 },
      { notes: { ...notes, databases: played.databases } },
    ),
  ];
  if (played.failed) say(`  the month did not end: ${played.failed}`);
  else if (!played.passed) say('  an invariant does not hold: see the notes');
  return figures;
}

interface PlayedMonth extends Summary {
  /** Why it did not end. */
  readonly failed?: string;
  readonly peakMb: number;
  readonly memoryMeasure: MemorySample['measure'];
  /** Processes, in words. */
  readonly largest: readonly string[];
}

interface MonthSize {
  readonly rows: number;
  readonly pages: number;
  readonly declarations: number;
}

/** Seconds of each part, and of all. */
interface RawMonth {
  readonly seconds: number;
  readonly copy: number;
  readonly produce: number;
  readonly consume: number;
  readonly events: number;
}

async function play(stand: Stand, stateDir: string, data: string | undefined): Promise<PlayedMonth> {
  const args = [
    join(projectFolder, 'tools', 'story', 'dist', 'start.js'),
    '--exit',
    '--json',
    ...(data ? ['--data', data] : ['--england']),
  ];
  const child = spawn(process.execPath, args, {
    cwd: projectFolder,
    env: { ...process.env, ATTEST_STATE: stateDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const memory = watchMemory({ roots: () => (child.pid ? [child.pid] : []), everyMs: 2_000 });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Interrupted, it stops all that it has started; only then may its folder go.
  stand.untidy.push(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const code = await ended;
  const { totalMb, measure: memoryMeasure, processes } = await memory.stop();
  if (!output.trim()) throw new Error(`npm start ended with ${code} and said nothing; its log is above`);
  const summary: Summary = JSON.parse(output);
  return {
    ...summary,
    peakMb: totalMb,
    memoryMeasure,
    largest: processes.slice(0, 8).map(({ name, mb }) => `${name} ${mb}`),
  };
}

/** The least that the same month costs these servers: its values stored once, its events sent and read once. */
async function rawSeconds(stand: Stand, { rows, pages, declarations }: MonthSize): Promise<RawMonth> {
  const { url } = await stand.database('copy');
  const path = join(stand.folder, 'month-values.bin');
  await writeCopyFile(path, { practices: Math.ceil(rows / 10), fields: 10, date: 9_000 });
  const admin = await stand.admin(url);
  stand.untidy.push(() => admin.end());
  await admin.query('CREATE TABLE value (practice int, field int, date date, value int8)');
  const copyMs = await timed(() => admin.query(`COPY value FROM '${path}' WITH (FORMAT binary)`));

  // Pages, achievements, declarations.
  const count = pages + 2 * declarations;
  const topicPrefix = newPrefix();
  await freshTopics(stand, topicPrefix);
  const topic = `${topicPrefix}submissions`;
  const brokers = await stand.brokers();
  const raw = await stand.worker<RawCommands>('raw-process.js', 'raw-month');
  await raw.call('open', { brokers, count, source: 'raw' });
  const { ms: produceMs } = await raw.call('produce', { topic });
  const { ms: consumeMs } = await raw.call('consume', { topic, count, groupId: `${topicPrefix}raw` });
  await dropTopics(stand, topicPrefix);
  const seconds = (ms: number): number => Number((ms / 1000).toFixed(2));
  return {
    seconds: seconds(copyMs + produceMs + consumeMs),
    copy: seconds(copyMs),
    produce: seconds(produceMs),
    consume: seconds(consumeMs),
    events: count,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function rowsOf(files: readonly { path: string }[]): Promise<number> {
  let rows = 0;
  for (const { path } of files) {
    const bytes = createReadStream(path);
    const lines = createInterface({ input: path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes });
    for await (const line of lines) if (line) rows++;
    rows--;
  }
  return rows;
}
