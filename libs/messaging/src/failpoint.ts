let armed: { name: string; remaining: number } | undefined;

/**
 * Names the step at which this process shall die, for tests of what a crash leaves behind: `name`, or `name:n` for the
 * n-th time. Hosting arms it from CRASH_AT and refuses that in production.
 */
export function armFailpoint(spec: string | undefined): void {
  if (!spec) {
    armed = undefined;
    return;
  }
  const [name, times] = spec.split(':');
  armed = { name: name!, remaining: Number(times ?? 1) };
}

/** What the process that started this one may send: the step, or null for none. */
interface Told {
  readonly crashAt: string | null;
}

let listening = false;

/**
 * Lets the process that started this one name the step while it runs, and answers once it is armed: a test of many
 * crashes starts again what died, and nothing else. Hosting asks for it with CRASH_WHEN_TOLD, never in production.
 */
export function armFailpointWhenTold(): void {
  if (listening) return;
  listening = true;
  process.on('message', ({ crashAt }: Told) => {
    armFailpoint(crashAt ?? undefined);
    process.send?.({ armed: crashAt });
  });
}

/** A step between two others. Costs one comparison unless armed; then the process ends as by kill -9. */
export function failpoint(name: string): void {
  if (armed === undefined || armed.name !== name) return;
  if (--armed.remaining > 0) return;
  process.kill(process.pid, 'SIGKILL');
}
