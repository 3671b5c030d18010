import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { CannotStart } from './cannot-start.js';

export const STOP_WITHIN_MS = 8000;

/** Who a process runs as. */
export interface UserIds {
  uid: number;
  gid: number;
}

export interface ChildOptions {
  /** Shown to people and used for nothing else. */
  name: string;
  command: string;
  args: string[];
  /** Both outputs are appended to it as they are; without one they are ours. */
  logFile?: string;
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Who it runs as; only root may say. */
  user?: UserIds;
  /** Asks it to end in good order. */
  stopSignal?: 'SIGTERM' | 'SIGINT';
  /** A channel for messages (Node children only). */
  ipc?: boolean;
  /** True leaves it running when this process ends. */
  outlivesUs?: boolean;
}

export interface Child {
  name: string;
  pid: number;
  logFile: string | undefined;
  process: ChildProcess;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  running: () => boolean;
  /** Asks, waits, then kills. */
  stop: (withinMs?: number) => Promise<void>;
  /** At once. */
  kill: () => Promise<void>;
}

const children = new Set<Child>();
const listeners = new Set<() => void>();

/** The processes started here that still run. */
export function runningChildren(): Child[] {
  return [...children];
}

/** Calls back whenever a child has started or ended. */
export function onChildrenChange(listener: () => void): void {
  listeners.add(listener);
}

/** Starts a process that does not outlive this one, however this one ends. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, command, args, logFile, env, cwd, user, stopSignal = 'SIGTERM', ipc, outlivesUs } = options;
  const log = logFile ? openSync(logFile, 'a', 0o600) : 'inherit';
  const stdio: StdioOptions = ['ignore', log, log, ...(ipc ? ['ipc' as const] : [])];
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio,
    // Ctrl-C reaches every process of the terminal's group at once; the order of stopping must stay ours.
    detached: true,
    ...user,
  });
  if (typeof log === 'number') closeSync(log);
  await new Promise<void>((done, fail) => {
    child.once('spawn', done);
    child.once('error', (error: NodeJS.ErrnoException) =>
      fail(new CannotStart(`${name} could not be started (${error.code}): ${command}`)),
    );
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name} was started and has no pid`);
  const exited: Child['exited'] = new Promise((done) =>
    child.once('exit', (code, signal) => done({ code, signal })),
  );
  const signal = (which: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(which);
  };
  const handle: Child = {
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
 * Runs a command to its end, or to that of `signal`; its output is kept. The code is null when the command does not
 * exist.
 */
export function run(
  command: string,
  args: string[],
  {
    user,
    ...options
  }: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    user?: UserIds;
    signal?: AbortSignal;
  } = {},
): Promise<{ code: number | null; output: string }> {
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

/** Runs `stop` once on Ctrl-C, SIGTERM or a closed terminal, then ends the process; an impatient second Ctrl-C kills. */
export function stopOnSignals(stop: () => Promise<void>): void {
  let askedAt = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
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

let reaper: ChildProcess | undefined;

function tellReaper(line: string): void {
  if (!reaper) {
    reaper = spawn('/bin/sh', ['-c', REAPER], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    });
    reaper.unref();
    // A pipe to a child is a socket, which must not keep us running either.
    if (reaper.stdin instanceof Socket) reaper.stdin.unref();
    reaper.stdin?.on('error', () => undefined);
  }
  reaper.stdin?.write(`${line}\n`);
}
