import type { ChildProcess } from 'node:child_process';

/** A process that was started with a channel and CRASH_WHEN_TOLD, as `startChild` of `@attest/stack` gives it. */
export interface ArmableChild {
  readonly name: string;
  readonly process: ChildProcess;
}

/** Lets it die when it next comes to this step, or at none; resolves once it knows. */
export async function armedAt({ name, process: child }: ArmableChild, step: string | null): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error): void => {
      child.off('message', onMessage).off('exit', onExit);
      if (error) reject(error);
      else resolve();
    };
    const onMessage = (message: unknown): void => {
      if ((message as { armed?: unknown }).armed === step) settle();
    };
    const onExit = (): void => settle(new Error(`${name} has ended and cannot be told where to die`));
    child.on('message', onMessage).once('exit', onExit);
    child.send({ crashAt: step }, (error) => error && settle(error));
  });
}
