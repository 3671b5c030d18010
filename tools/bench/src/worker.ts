// @ts-nocheck
// A process that a benchmark calls: what is measured must not share an event loop with what measures it.
import { readFileSync } from 'node:fs';
import { startChild } from '@attest/stack/processes';

/**
 * @param {{ file: string, name: string, logFile: string, flags: readonly string[] }} options
 * @returns {Promise<Worker>}
 */
export async function startWorker({ file, name, logFile, flags }) {
  const child = await startChild({
    name,
    command: process.execPath,
    args: [...flags, file],
    logFile,
    env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    ipc: true,
  });
  return new Worker(child);
}

class Worker {
  constructor(child) {
    this.child = child;
    this.calls = new Map();
    this.listeners = new Set();
    this.nextId = 1;
    child.process.on('message', ({ id, result, error, fact }) => {
      if (fact) for (const listen of this.listeners) listen(fact);
      const call = this.calls.get(id);
      if (!call) return;
      this.calls.delete(id);
      if (error) call.reject(new Error(`${child.name}: ${error}`));
      else call.resolve(result);
    });
    void child.exited.then(({ code, signal }) => {
      const error = new Error(
        `${child.name} ended (${code ?? signal}):\n${readFileSync(child.logFile, 'utf8').slice(-2000)}`,
      );
      for (const { reject } of this.calls.values()) reject(error);
      this.calls.clear();
    });
  }

  get pid() {
    return this.child.pid;
  }

  /** Asks for a command of the worker's and waits for its answer. */
  call(command, args = {}) {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.calls.set(id, { resolve, reject });
      this.child.process.send({ id, command, args });
    });
  }

  /** Hears what the worker tells unasked. */
  onFact(listen) {
    this.listeners.add(listen);
  }

  /** Stops hearing it. */
  forget() {
    this.listeners.clear();
  }

  stop() {
    return this.child.stop();
  }
}
