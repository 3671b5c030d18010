// The other end of worker.ts: answers the benchmark's calls until it goes away.
import { inFull } from './failure.js';

/** What a process of the benchmark's can be asked for; each command takes one object or nothing. */
export type Commands = Record<string, (args: never) => unknown>;

export interface Call {
  readonly id: number;
  readonly command: string;
  readonly args: unknown;
}

/** What a process tells unasked. */
export interface Fact {
  /** So many rows more have left the outbox for the archive. */
  readonly relayed: number;
}

/** To a call, or unasked. */
export type Message =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly fact: Fact };

export function answer(commands: Commands): void {
  process.on('message', async (message) => {
    const { id, command, args } = message as Call;
    try {
      const work = commands[command] as ((args: unknown) => unknown) | undefined;
      if (!work) throw new Error(`there is no command ${command}`);
      send({ id, result: await work(args) });
    } catch (error) {
      send({ id, error: inFull(error) });
    }
  });
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
}

/** Tells the benchmark something unasked. */
export function tell(fact: Fact): void {
  send({ fact });
}

function send(message: Message): void {
  process.send?.(message);
}
