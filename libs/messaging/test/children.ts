import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ChildSettings } from './child.js';

const LOADS_SPECS = pathToFileURL(
  join(import.meta.dirname, '..', '..', '..', 'test', 'jest', 'register.mjs'),
).href;

export interface SpecChild {
  readonly process: ChildProcess;
  /** Its messaging runs. Rejects when it ended before. */
  readonly started: Promise<void>;
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<string | number | null>;
  kill(): Promise<void>;
}

export function startChild(settings: ChildSettings): SpecChild {
  const child = fork(join(import.meta.dirname, 'child.ts'), [JSON.stringify(settings)], {
    execArgv: [`--import=${LOADS_SPECS}`],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<string | number | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  const started = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    void ended.then((how) => reject(new Error(`the child ended before it had started: ${how}`)));
  });
  started.catch(() => undefined);
  return {
    process: child,
    started,
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
