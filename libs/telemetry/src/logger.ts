import { AttestError, containsNhsNumber } from '@attest/errors';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { currentCorrelationId } from './correlation.js';

/** Identifiers, counts, dates. No personal data, no message bodies. */
export type LogFacts = Readonly<Record<string, string | number | boolean | bigint | null | undefined>>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Should one of these reach a log line in spite of the rule above, its value does not. */
const NEVER_LOGGED = [
  'authorization',
  'cookie',
  'password',
  'token',
  'access_token',
  'email',
  'reason',
  'personName',
  'url',
  'DATABASE_URL',
];

/**
 * One line of JSON per thing worth telling: a stable code, the facts that place it and the correlation id.
 * Expected refusals are `info`, surprises `error`.
 */
export class Logger {
  private constructor(private readonly pino: Pino) {}

  static create(options: { service: string; level: LogLevel; destination?: DestinationStream }): Logger {
    const { service, level, destination } = options;
    const settings = {
      level,
      base: { service },
      messageKey: 'code',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      redact: { paths: NEVER_LOGGED, censor: '[not logged]' },
      mixin: () => {
        const correlationId = currentCorrelationId();
        return correlationId === undefined ? {} : { correlationId };
      },
    };
    return new Logger(destination ? pino(settings, destination) : pino(settings));
  }

  debug(code: string, facts: LogFacts = {}): void {
    this.pino.debug(plain(facts), code);
  }

  info(code: string, facts: LogFacts = {}): void {
    this.pino.info(plain(facts), code);
  }

  warn(code: string, facts: LogFacts = {}, cause?: unknown): void {
    this.pino.warn({ ...plain(facts), ...causeOf(cause) }, code);
  }

  error(code: string, facts: LogFacts = {}, cause?: unknown): void {
    this.pino.error({ ...plain(facts), ...causeOf(cause) }, code);
  }

  /** The same log with facts that every line carries. */
  with(facts: LogFacts): Logger {
    return new Logger(this.pino.child(plain(facts)));
  }
}

function plain(facts: LogFacts): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts))
    line[name] = typeof value === 'bigint' ? value.toString() : value;
  return line;
}

/** What a cause tells without its data: a database's detail quotes rows, a parser's message quotes its input. */
function causeOf(cause: unknown): Record<string, unknown> {
  if (cause === undefined) return {};
  if (cause instanceof AttestError)
    return { causeCode: cause.code, cause: cause.detail, ...cause.facts, at: framesOf(cause) };
  if (!(cause instanceof Error)) return { cause: typeof cause };
  const { code, constraint, table } = cause as { code?: string; constraint?: string; table?: string };
  const quotes = code !== undefined || cause instanceof SyntaxError || containsNhsNumber(cause.message);
  return {
    cause: cause.name,
    ...(code === undefined ? {} : { causeCode: code }),
    ...(quotes ? {} : { causeMessage: cause.message }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    at: framesOf(cause),
  };
}

/** Only the frames: a message of several lines reaches into the stack. */
const framesOf = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
