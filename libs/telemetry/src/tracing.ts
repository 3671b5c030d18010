import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

/**
 * Traces of this process, sent to the collector at `endpoint` (its base address; `/v1/traces` is added).
 * Only http and pg: the instrumentation for kafkajs halves the rate of sends and overwrites the stored
 * `traceparent`, so messaging writes its own spans.
 *
 * http and pg are seen only when `@attest/telemetry/register` was loaded before them (`node --import`).
 */
export function startTracing(options: { processName: string; endpoint: string }): { stop(): Promise<void> } {
  const sdk = new NodeSDK({
    serviceName: options.processName,
    traceExporter: new OTLPTraceExporter({ url: `${options.endpoint.replace(/\/$/, '')}/v1/traces` }),
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) => /^\/(health|metrics)/.test(request.url ?? ''),
      }),
      new PgInstrumentation({ requireParentSpan: true }),
    ],
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return { stop: () => sdk.shutdown() };
}
