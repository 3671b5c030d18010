// @ts-nocheck
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { CannotStart } from './cannot-start.js';

export const STOP_WITHIN_MS = 8000;

/**
 * @typedef {object} ChildOptions
 * @property {string} name shown to people and used for nothing else
 * @property {string} command
 * @property {string[]} args
 * @property {string} [logFile] both outputs are appended to it as they are; without one they are ours
 * @property {Record<string, string | undefined>} [env]
 * @property {string} [cwd]
 * @property {{ uid: number, gid: number }} [user] who it runs as; only root may say
 * @property {'SIGTERM' | 'SIGINT'} [stopSignal] asks it to end in good order
 * @property {boolean} [ipc] a channel for messages (Node children only)
 * @property {boolean} [outlivesUs] true leaves it running when this process ends
 */

/**
 * @typedef {object} Child
 * @property {string} name
 * @property {number} pid
 * @property {string | undefined} logFile
 * @property {import('node:child_process').ChildProcess} process
 * @property {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} exited
 * @property {() => boolean} running
 * @property {(withinMs?: number) => Promise<void>} stop asks, waits, then kills
 * @property {() => Promise<void>} kill at once
 */

/** @type {Set<Child>} */
const children = new Set();
/** @type {Set<() => void>} */
const listeners = new Set();

/** The processes started here that still run. */
export function runningChildren() {
  return [...children];
}

/**
 * Calls back whenever a child has started or ended.
 * @param {() => void} listener
 */
export function onChildrenChange(listener) {
  listeners.add(listener);
}

/**
 * Starts a process that does not outlive this one, however this one ends.
 * @param {ChildOptions} options
 * @returns {Promise<Child>}
 */
export async function startChild(options) {
  const { name, command, args, logFile, env, cwd, user, stopSignal = 'SIGTERM', ipc, outlivesUs } = options;
  const log = logFile ? openSync(logFile, 'a', 0o600) : 'inherit';
  const child = spawn(command, args, {
    cwd,
    env: /** @type {NodeJS.ProcessEnv} */ env ?? process.env,
    stdio: ['ignore', log, log, ...(ipc ? [/** @type {const} */ 'ipc'] : [])],
    // Ctrl-C reaches every process of the terminal's group at once; the order of stopping must stay ours.
    detached: true,
    ...user,
  });
  if (typeof log === 'number') closeSync(log);
  await new Promise((done, fail) => {
    child.once('spawn', done);
    child.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      fail(new CannotStart(`${name} could not be started (${error.code}): ${command}`)),
    );
  });
  const pid = /** @type {number} */ child.pid;
  /** @type {Child['exited']} */
  const exited = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
  const signal = (/** @type {NodeJS.Signals} */ which) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(which);
  };
  /** @type {Child} */
  const handle = {
    name,
    pid,
    logFile,
    process: child,
    exited,
    running: () => child.exitCode === null && child.signalCode === null,
    stop: async (withinMs = STOP_WITHIN_MS) => {
      signal(stopSignal);
      const timer = setTimeout(() => signal('SIGKILL'), withinMs);
      await exited;
      clearTimeout(timer);
    },
    kill: async () => {
      signal('SIGKILL');
      await exited;
    },
  };
  if (outlivesUs) {
    child.unref();
    return handle;
  }
  tellReaper(`+ ${pid} ${stopSignal.slice(3)}`);
  children.add(handle);
  for (const listener of listeners) listener();
  void exited.then(() => {
    tellReaper(`- ${pid}`);
    children.delete(handle);
    for (const listener of listeners) listener();
  });
  return handle;
}

/**
 * Runs a command to its end; its output is kept.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, user?: { uid: number, gid: number }, signal?: AbortSignal }} [options]
 *   `signal` ends it
 * @returns {Promise<{ code: number | null, output: string }>} code is null when the command does not exist
 */
export function run(command, args, { user, ...options } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, ...user });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.once('error', (error) => done({ code: null, output: error.message }));
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}

/**
 * Runs `stop` once on Ctrl-C, SIGTERM or a closed terminal, then ends the process; an impatient second Ctrl-C kills.
 * @param {() => Promise<void>} stop
 */
export function stopOnSignals(stop) {
  let askedAt = 0;
  for (const name of /** @type {const} */ ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      const code = 128 + constants.signals[name];
      // npm passes on the signal that the terminal already gave us.
      if (askedAt && Date.now() - askedAt < 1000) return;
      if (askedAt) {
        void Promise.all(runningChildren().map((child) => child.kill())).then(() => process.exit(code));
        return;
      }
      askedAt = Date.now();
      stop().then(
        () => process.exit(code),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

// Outlives this process by seconds at most: its input ends when we do, even by kill -9, and it ends what is left.
// A shell takes 1 MB where a second Node would take 40.
const REAPER = `
trap '' INT TERM HUP QUIT
left=
while read -r sign pid signal; do
  next=
  for entry in $left; do [ "\${entry%:*}" = "$pid" ] || next="$next $entry"; done
  left=$next
  [ "$sign" = + ] && left="$left $pid:$signal"
done
for entry in $left; do kill -s "\${entry#*:}" "\${entry%:*}" 2>/dev/null; done
tries=0
while [ $tries -lt ${STOP_WITHIN_MS / 200} ]; do
  alive=
  for entry in $left; do
    kill -0 "\${entry%:*}" 2>/dev/null || continue
    # Dead, though in some containers nobody collects it.
    case $(cat "/proc/\${entry%:*}/stat" 2>/dev/null) in *') Z '*) ;; *) alive=yes ;; esac
  done
  [ "$alive" ] || exit 0
  sleep 0.2
  tries=$((tries + 1))
done
for entry in $left; do kill -s KILL "\${entry%:*}" 2>/dev/null; done
exit 0
`;

/** @type {import('node:child_process').ChildProcess | undefined} */
let reaper;

/** @param {string} line */
function tellReaper(line) {
  if (!reaper) {
    reaper = spawn('/bin/sh', ['-c', REAPER], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    });
    reaper.unref();
    /** @type {import('node:net').Socket} */ reaper.stdin.unref();
    reaper.stdin?.on('error', () => undefined);
  }
  reaper.stdin?.write(`${line}\n`);
}
