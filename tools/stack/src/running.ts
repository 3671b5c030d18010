import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart } from './cannot-start.js';
import { openStateFolder } from './paths.js';
import { identify, isStillRunning, type ProcessIdentity } from './process-identity.js';
import { onChildrenChange, runningChildren, STOP_WITHIN_MS } from './processes.js';

/** What `running.json` of a state folder holds. */
interface Running {
  readonly owner: ProcessIdentity;
  readonly children: readonly (ProcessIdentity & { readonly name: string })[];
}

/**
 * Makes this process the only one that works on the state folder, and writes down there what it starts. Processes that
 * an earlier run left behind are ended first. Call it before touching anything in the folder.
 */
export async function claimStateFolder(folder: string): Promise<void> {
  openStateFolder(folder);
  const file = fileIn(folder);
  const earlier = readRunning(folder);
  if (earlier && earlier.owner.pid !== process.pid && isStillRunning(earlier.owner)) {
    throw new CannotStart(
      `Attest is already running on ${folder} (process ${earlier.owner.pid}): stop it with Ctrl-C or \`npm run reset\`, or set ATTEST_STATE to another folder to run a second one.`,
    );
  }
  if (earlier) await endAll(earlier.children);

  const owner = identify(process.pid);
  const write = () => {
    const children = runningChildren().map(({ name, pid }) => ({ name, ...identify(pid) }));
    const making = `${file}.${process.pid}`;
    try {
      writeFileSync(making, `${JSON.stringify({ owner, children }, null, 2)}\n`);
      renameSync(making, file);
    } catch {
      // The folder was removed under us: `npm run reset` has already ended everything that it knew of.
    }
  };
  write();
  onChildrenChange(write);
  process.once('exit', () => {
    if (runningChildren().length === 0) rmSync(file, { force: true });
  });
}

/**
 * Ends whatever runs on the state folder: first its owner, who stops the rest in order. Tells whether anything ran.
 */
export async function endRunning(folder: string): Promise<boolean> {
  const running = readRunning(folder);
  if (!running) return false;
  const all = [running.owner, ...running.children].filter(isStillRunning);
  // What the owner has to stop takes up to that time twice: services, then what they stand on.
  await endAll([running.owner], 2 * STOP_WITHIN_MS);
  await endAll(running.children);
  return all.length > 0;
}

export async function endAll(
  processes: readonly ProcessIdentity[],
  withinMs = STOP_WITHIN_MS,
): Promise<void> {
  const left = () => processes.filter(isStillRunning);
  // SIGINT: PostgreSQL would wait for its clients on SIGTERM; to the others both mean the same.
  for (const { pid } of left()) send(pid, 'SIGINT');
  for (const giveUpAt = Date.now() + withinMs; left().length > 0 && Date.now() < giveUpAt;) await pause(50);
  for (const { pid } of left()) send(pid, 'SIGKILL');
  for (const giveUpAt = Date.now() + 1000; left().length > 0 && Date.now() < giveUpAt;) await pause(10);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

function readRunning(folder: string): Running | undefined {
  const file = fileIn(folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function fileIn(folder: string): string {
  return join(folder, 'running.json');
}
