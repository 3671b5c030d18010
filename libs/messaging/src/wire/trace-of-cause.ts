import type { Tx } from '@attest/persistence';

interface Trace {
  readonly traceparent: string;
  readonly tracestate: string | undefined;
}

const traces = new WeakMap<Tx, ReadonlyMap<string, Trace>>();

/**
 * A chunk holds events of many traces but has one span. So that one trace still runs from approval to the agency's
 * answer, an event caused by one of the chunk carries on that one's trace.
 */
export function rememberTraces(tx: Tx, byEventId: ReadonlyMap<string, Trace>): void {
  traces.set(tx, byEventId);
}

export function causeTrace(tx: Tx, eventId: string): Trace | undefined {
  return traces.get(tx)?.get(eventId);
}
