import type { HttpLog } from '@attest/http';
import type { MessagingLogger, MessagingMetrics } from '@attest/messaging';
import type { LogFacts, Logger, Metrics } from '@attest/telemetry';
import type { LoggerService } from '@nestjs/common';

/** Telemetry's logger as messaging speaks to one: its lines share a code and keep their words. */
export const messagingLogger = (logger: Logger): MessagingLogger => ({
  debug: (facts, message) => logger.debug('MESSAGING', { message, ...(facts as LogFacts) }),
  info: (facts, message) => logger.info('MESSAGING', { message, ...(facts as LogFacts) }),
  warn: (facts, message) => logger.warn('MESSAGING', ...factsAndCause(message, facts)),
  error: (facts, message) => logger.error('MESSAGING', ...factsAndCause(message, facts)),
});

function factsAndCause(message: string, facts: object): [facts: LogFacts, cause: unknown] {
  const { error, ...rest } = facts as LogFacts & { error?: unknown };
  // Kafka's client tells its errors as text, which says what and quotes nothing.
  if (typeof error === 'string') return [{ message, error, ...rest }, undefined];
  return [{ message, ...rest }, error];
}

export const messagingMetrics = (metrics: Metrics): MessagingMetrics => ({
  count: (name, by, labels) => metrics.counter(name, name, Object.keys(labels)).inc(labels, by),
  gauge: (name, value, labels) => metrics.gauge(name, name, Object.keys(labels)).set(labels, value),
  forget: (name, labels) => metrics.gauge(name, name, Object.keys(labels)).remove(labels),
});

export const httpLog = (logger: Logger): HttpLog => ({
  refused: (code, facts) => logger.info('REQUEST_REFUSED', { refusal: code, ...facts }),
  failed: (code, error, facts) => logger.error('REQUEST_FAILED', { failure: code, ...facts }, error),
});

/** Nest tells its own story in prose; only what went wrong is kept. */
export const nestLogger = (logger: Logger): LoggerService => ({
  log: () => undefined,
  debug: () => undefined,
  verbose: () => undefined,
  warn: (message: unknown, ...rest: unknown[]) => logger.warn('FRAMEWORK_WARNING', words(message, rest)),
  error: (message: unknown, ...rest: unknown[]) =>
    logger.error('FRAMEWORK_ERROR', words(message, rest), message instanceof Error ? message : undefined),
  fatal: (message: unknown, ...rest: unknown[]) =>
    logger.error('FRAMEWORK_ERROR', words(message, rest), message instanceof Error ? message : undefined),
});

const words = (message: unknown, rest: readonly unknown[]): LogFacts => ({
  message:
    message instanceof Error
      ? message.name
      : typeof message === 'string'
        ? message.slice(0, 500)
        : typeof message,
  context: typeof rest.at(-1) === 'string' ? (rest.at(-1) as string).slice(0, 100) : null,
});
