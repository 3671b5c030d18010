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

/** A step between two others. Costs one comparison unless armed; then the process ends as by kill -9. */
export function failpoint(name: string): void {
  if (armed === undefined || armed.name !== name) return;
  if (--armed.remaining > 0) return;
  process.kill(process.pid, 'SIGKILL');
}
