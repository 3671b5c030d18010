/**
 * Traces of this process, sent to the collector at `endpoint` (its base address; `/v1/traces` is added).
 * Only http and pg: the instrumentation for kafkajs halves the rate of sends and overwrites the stored
 * `traceparent`, so messaging writes its own spans.
 *
 * http and pg are seen only when `@attest/telemetry/register` was loaded before them (`node --import`).
 */
export async function startTracing(options: {
  processName: string;
  endpoint: string;
}): Promise<{ stop(): Promise<void> }> {
  // Loaded only when wanted: the SDK costs every process that never traces a tenth of a second and 10 MB.
  const [{ NodeSDK }, { OTLPTraceExporter }, { HttpInstrumentation }, { PgInstrumentation }] =
    await Promise.all([
      import('@opentelemetry/sdk-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/instrumentation-http'),
      import('@opentelemetry/instrumentation-pg'),
    ]);
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
