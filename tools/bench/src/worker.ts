// A process that a benchmark calls: what is measured must not share an event loop with what measures it.
import { readFileSync } from 'node:fs';
import { startChild } from '@attest/stack/processes';
import type { Call, Commands, Fact, Message } from './answering.js';

export interface WorkerOptions {
  readonly file: string;
  readonly name: string;
  readonly logFile: string;
  /** For Node. */
  readonly flags: readonly string[];
}

type Child = Awaited<ReturnType<typeof startChild>>;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** `C` is what the process answers to: `typeof commands` of its module. */
export async function startWorker<C extends Commands>(options: WorkerOptions): Promise<Worker<C>> {
  const { file, name, logFile, flags } = options;
  const child = await startChild({
    name,
    command: process.execPath,
    args: [...flags, file],
    logFile,
    env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    ipc: true,
  });
  return new Worker<C>(child, name, logFile);
}

export class Worker<C extends Commands> {
  private readonly calls = new Map<number, Waiting>();
  private readonly listeners = new Set<(fact: Fact) => void>();
  private nextId = 1;

  constructor(
    private readonly child: Child,
    name: string,
    logFile: string,
  ) {
    child.process.on('message', (sent) => {
      const message = sent as Message;
      if ('fact' in message) {
        for (const listen of this.listeners) listen(message.fact);
        return;
      }
      const call = this.calls.get(message.id);
      if (!call) return;
      this.calls.delete(message.id);
      if ('error' in message) call.reject(new Error(`${name}: ${message.error}`));
      else call.resolve(message.result);
    });
    void child.exited.then(({ code, signal }) => {
      const log = readFileSync(logFile, 'utf8').slice(-2000);
      const error = new Error(`${name} ended (${code ?? signal}):\n${log}`);
      for (const { reject } of this.calls.values()) reject(error);
      this.calls.clear();
    });
  }

  /** Asks for a command of the worker's and waits for its answer. */
  call<N extends keyof C & string>(
    command: N,
    ...[args]: Parameters<C[N]>
  ): Promise<Awaited<ReturnType<C[N]>>> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      // The process's own commands say what they answer with.
      this.calls.set(id, { resolve: (result) => resolve(result as Awaited<ReturnType<C[N]>>), reject });
      const call: Call = { id, command, args };
      this.child.process.send(call);
    });
  }

  /** Hears what the worker tells unasked. */
  onFact(listen: (fact: Fact) => void): void {
    this.listeners.add(listen);
  }

  /** Stops hearing it. */
  forget(): void {
    this.listeners.clear();
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
