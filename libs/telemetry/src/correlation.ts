import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs the work so that everything it logs and publishes carries this correlation id. */
export const withCorrelation = <T>(correlationId: string, work: () => T): T =>
  storage.run(correlationId, work);

/** The correlation id of the request or event being handled; undefined outside of one. */
export const currentCorrelationId = (): string | undefined => storage.getStore();
