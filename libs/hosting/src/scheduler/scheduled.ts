import 'reflect-metadata';

export interface ScheduledJob {
  /** Unique in its service, for example `escalate-expired-holds`. */
  readonly name: string;
  /** At least 200. Its firings are due at whole multiples of this since 1970, by real time. */
  readonly everyMs: number;
}

/** One time that a job was due. */
export interface Firing {
  readonly dueAt: Date;
  /** Aborted when this replica shall not go on: it stops, or it lost the lease and another may have begun. */
  readonly signal: AbortSignal;
}

const SCHEDULED = 'attest:scheduled';

/**
 * On a provider's method `(firing: Firing) => Promise<void>`: one replica of the service runs it. It may run again
 * for the next firing after a crash half-way, so what it does rests on the state it finds. What is done in chunks ends
 * after the chunk at which the firing's signal is aborted.
 */
export const Scheduled =
  (job: ScheduledJob): MethodDecorator =>
  (_target, _name, descriptor) => {
    if (job.everyMs < 200) throw new Error(`${job.name}: a job may run every 200 ms at most`);
    Reflect.defineMetadata(SCHEDULED, job, descriptor.value as object);
  };

export const scheduledJob = (method: object): ScheduledJob | undefined =>
  Reflect.getMetadata(SCHEDULED, method) as ScheduledJob | undefined;
