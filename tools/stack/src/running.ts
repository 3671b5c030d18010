// @ts-nocheck
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart } from './cannot-start.js';
import { openStateFolder } from './paths.js';
import { identify, isStillRunning } from './process-identity.js';
import { onChildrenChange, runningChildren, STOP_WITHIN_MS } from './processes.js';

/** @typedef {import('./process-identity.js').ProcessIdentity} ProcessIdentity */
/** @typedef {{ owner: ProcessIdentity, children: (ProcessIdentity & { name: string })[] }} Running */

/**
 * Makes this process the only one that works on the state folder, and writes down there what it starts. Processes that
 * an earlier run left behind are ended first. Call it before touching anything in the folder.
 * @param {string} folder
 */
export async function claimStateFolder(folder) {
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
 * Ends whatever runs on the state folder: first its owner, who stops the rest in order.
 * @param {string} folder
 * @returns {Promise<boolean>} whether anything ran
 */
export async function endRunning(folder) {
  const running = readRunning(folder);
  if (!running) return false;
  const all = [running.owner, ...running.children].filter(isStillRunning);
  // What the owner has to stop takes up to that time twice: services, then what they stand on.
  await endAll([running.owner], 2 * STOP_WITHIN_MS);
  await endAll(running.children);
  return all.length > 0;
}

/**
 * @param {readonly ProcessIdentity[]} processes
 * @param {number} [withinMs]
 */
export async function endAll(processes, withinMs = STOP_WITHIN_MS) {
  const left = () => processes.filter(isStillRunning);
  // SIGINT: PostgreSQL would wait for its clients on SIGTERM; to the others both mean the same.
  for (const { pid } of left()) send(pid, 'SIGINT');
  for (const giveUpAt = Date.now() + withinMs; left().length > 0 && Date.now() < giveUpAt;) await pause(50);
  for (const { pid } of left()) send(pid, 'SIGKILL');
  for (const giveUpAt = Date.now() + 1000; left().length > 0 && Date.now() < giveUpAt;) await pause(10);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

/**
 * @param {string} folder
 * @returns {Running | undefined}
 */
function readRunning(folder) {
  const file = fileIn(folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** @param {string} folder */
function fileIn(folder) {
  return join(folder, 'running.json');
}
