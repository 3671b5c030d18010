// First: decorators note types only once this is loaded, whatever is imported before us.
import 'reflect-metadata';
import { CONSUMED_TOPICS, KAFKA_SECURITY, type ConsumedTopics, type KafkaSecurity } from '@attest/messaging';
import { CONNECT_MS, LIMITS } from '@attest/persistence';
import { LOG_LEVELS, type LogLevel } from '@attest/telemetry';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { IsIssuerAddress } from './is-issuer-address.js';

/** What every service is told. Extend it with what one service needs besides. */
export class ServiceSettings {
  /** Required, so that nobody runs a production with what development allows because a variable was forgotten. */
  @IsIn(['development', 'test', 'production'])
  NODE_ENV!: 'development' | 'test' | 'production';

  /** 0 takes any free one. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT: number = 0;

  /** The address to listen at; an image listens at 0.0.0.0. */
  @IsString()
  HOST: string = '127.0.0.1';

  @Matches(/^postgres(ql)?:\/\/\S+$/, {
    message: '$property must be an address such as postgres://host:5432/name',
  })
  DATABASE_URL!: string;

  @IsInt()
  @Min(4)
  @Max(200)
  DATABASE_POOL_SIZE: number = 12;

  /** Milliseconds that a statement of a request may take. The other limits stand in `LIMITS` of persistence. */
  @IsInt()
  @Min(1_000)
  @Max(300_000)
  DATABASE_REQUEST_STATEMENT_MS: number = LIMITS.request.statementMs;

  /** Milliseconds that a statement of a consumer's chunk may take. */
  @IsInt()
  @Min(1_000)
  @Max(300_000)
  DATABASE_CHUNK_STATEMENT_MS: number = LIMITS.chunk.statementMs;

  /** Milliseconds that a statement of a job or a bulk may take. */
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  DATABASE_JOB_STATEMENT_MS: number = LIMITS.job.statementMs;

  /** Milliseconds that a new connection may take, or the wait for a free one of the pool. */
  @IsInt()
  @Min(500)
  @Max(60_000)
  DATABASE_CONNECT_MS: number = CONNECT_MS;

  @Matches(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, {
    message: '$property must be a list such as host:9092,other:9092',
  })
  KAFKA_BROKERS!: string;

  /** In production `plaintext` is for brokers of the same machine only. */
  @IsIn(KAFKA_SECURITY)
  KAFKA_SECURITY: KafkaSecurity = 'plaintext';

  /** PEM, of the CAs that sign the brokers' certificates; those that Node knows, unless set. All these files are read at each new connection. */
  @IsOptional()
  @IsString()
  KAFKA_TLS_CA_FILE?: string;

  /** PEM, with the chain behind it: the service's own certificate, for mutual TLS. */
  @IsOptional()
  @IsString()
  KAFKA_TLS_CERT_FILE?: string;

  /** PEM, without a passphrase. */
  @IsOptional()
  @IsString()
  KAFKA_TLS_KEY_FILE?: string;

  /** For SASL SCRAM-SHA-512, instead of a certificate. */
  @IsOptional()
  @Length(1, 100)
  KAFKA_SASL_USERNAME?: string;

  /** Holds the password and nothing else; a line break at its end is none of it. */
  @IsOptional()
  @IsString()
  KAFKA_SASL_PASSWORD_FILE?: string;

  /**
   * In milliseconds: how long a consumer may be silent before its partitions are another's. Brokers take 6,000 at least
   * unless told; with 8,000 what a killed consumer had is read again within 12 s.
   */
  @IsInt()
  @Min(1_000)
  @Max(300_000)
  KAFKA_SESSION_TIMEOUT_MS: number = 8_000;

  /**
   * In milliseconds: a batch of events or a relay that makes no progress for so long hangs, and the process ends. Longer
   * than any statement of the database may take.
   */
  @IsInt()
  @Min(30_000)
  @Max(3_600_000)
  HANG_LIMIT_MS: number = 180_000;

  /**
   * In milliseconds: how long the relay and a reader rest at most after they sent or applied a little, so that what comes
   * meanwhile is done together; 0 never.
   */
  @IsInt()
  @Min(0)
  @Max(5_000)
  GATHER_AT_MOST_MS: number = 250;

  /** More dead letters of one topic than this, within POISON_STORM_SECONDS, pause it here; 0 never does. */
  @IsInt()
  @Min(0)
  @Max(100_000)
  POISON_STORM_LETTERS: number = 50;

  /** Seconds. */
  @IsInt()
  @Min(1)
  @Max(86_400)
  POISON_STORM_SECONDS: number = 60;

  /**
   * `at-once`: only what must not wait is read, nothing is relayed and no job is run; another process does `the-rest`.
   * For a service whose requests and bulks would keep its own processor from it.
   */
  @IsIn(CONSUMED_TOPICS)
  CONSUMES: ConsumedTopics = 'all';

  /** Keeps specs that share a broker apart. */
  @IsOptional()
  @Matches(/^[a-z0-9.-]{1,40}$/)
  TOPIC_PREFIX?: string;

  /** https; in development and test also http of this machine itself. */
  @IsIssuerAddress()
  OIDC_ISSUER!: string;

  @IsString()
  @Length(1, 100)
  OIDC_AUDIENCE: string = 'attest';

  /**
   * Only for an identity provider that cannot write `typ: at+jwt`: then every token needs this scope, and its type may
   * also be `JWT` or missing.
   */
  @IsOptional()
  @Matches(/^[!#-[\]-~]{1,100}$/, { message: '$property must be one scope, without blanks' })
  OIDC_REQUIRED_SCOPE?: string;

  /** Never in production. */
  @IsBoolean()
  BUSINESS_CLOCK_MOVABLE: boolean = false;

  /** Jobs that by themselves run less often than this run so often. For specs, which would wait for seconds; never in production. */
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(60_000)
  JOBS_AT_LEAST_EVERY_MS?: number;

  @IsIn(LOG_LEVELS)
  LOG_LEVEL: LogLevel = 'info';

  @IsOptional()
  @Matches(/^https?:\/\/\S+$/, { message: '$property must be the address of a collector' })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** The step at which this process shall die, for tests of crashes. Never in production. */
  @IsOptional()
  @Matches(/^[a-z0-9-]+(:\d+)?$/, { message: '$property must be the name of a failpoint, or name:n' })
  CRASH_AT?: string;

  /** Lets the process that started this one name that step while it runs. Never in production. */
  @IsBoolean()
  CRASH_WHEN_TOLD: boolean = false;
}
