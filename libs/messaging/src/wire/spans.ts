import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Link,
  type Span,
} from '@opentelemetry/api';

/** Semantic conventions for messaging are still in development: their names stand here alone. */
const ATTRIBUTE = {
  system: 'messaging.system',
  destination: 'messaging.destination.name',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  batchSize: 'messaging.batch.message_count',
  partition: 'messaging.destination.partition.id',
  group: 'messaging.consumer.group.name',
} as const;

const MOST_LINKS = 128;
const tracer = trace.getTracer('@attest/messaging');

export interface BatchSpan {
  /** Runs work with the span as the active one. */
  run<T>(work: () => Promise<T>): Promise<T>;
  end(): void;
  fail(error: unknown): void;
}

export function spanOfSend(topic: string, count: number): BatchSpan {
  const span = tracer.startSpan(`send ${topic}`, {
    kind: SpanKind.PRODUCER,
    root: true,
    attributes: {
      [ATTRIBUTE.system]: 'kafka',
      [ATTRIBUTE.destination]: topic,
      [ATTRIBUTE.operationName]: 'send',
      [ATTRIBUTE.operationType]: 'send',
      [ATTRIBUTE.batchSize]: count,
    },
  });
  return batchSpan(span);
}

/** One span per chunk, linked to at most 128 of the traces in it; one per record would halve the rate. */
export function spanOfProcess(
  topic: string,
  partition: number,
  group: string,
  count: number,
  traceparents: Iterable<string>,
): BatchSpan {
  const span = tracer.startSpan(`process ${topic}`, {
    kind: SpanKind.CONSUMER,
    root: true,
    links: linksTo(traceparents),
    attributes: {
      [ATTRIBUTE.system]: 'kafka',
      [ATTRIBUTE.destination]: topic,
      [ATTRIBUTE.operationName]: 'process',
      [ATTRIBUTE.operationType]: 'process',
      [ATTRIBUTE.batchSize]: count,
      [ATTRIBUTE.partition]: String(partition),
      [ATTRIBUTE.group]: group,
    },
  });
  return batchSpan(span);
}

function linksTo(traceparents: Iterable<string>): Link[] {
  const links: Link[] = [];
  const seen = new Set<string>();
  for (const traceparent of traceparents) {
    if (seen.has(traceparent)) continue;
    seen.add(traceparent);
    const linked = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
    if (linked) links.push({ context: linked });
    if (links.length >= MOST_LINKS) break;
  }
  return links;
}

function batchSpan(span: Span): BatchSpan {
  return {
    run: (work) => (span.isRecording() ? context.with(trace.setSpan(context.active(), span), work) : work()),
    end: () => span.end(),
    fail: (error) => {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'failed' });
      span.end();
    },
  };
}
