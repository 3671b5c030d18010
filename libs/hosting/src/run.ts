import { readSettings } from '@attest/config';
import { AttestError } from '@attest/errors';
import { Logger, startTracing } from '@attest/telemetry';
import { IsOptional, Matches } from 'class-validator';
import type { ServiceSettings } from './service-settings.js';
import type { Service } from './service.js';

/** The main of a service's own process. SIGTERM and SIGINT drain and stop it; what cannot go on ends it. */
export async function runService<S extends ServiceSettings>(service: Service<S>): Promise<void> {
  process.on('unhandledRejection', (error) => end(service.name, error));
  process.on('uncaughtException', (error) => end(service.name, error));
  try {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = readSettings(TracingSettings, process.env);
    const tracing = endpoint ? await startTracing({ processName: service.name, endpoint }) : undefined;
    const running = await service.start(process.env);
    const stop = (): void => {
      void running
        .close()
        .then(() => tracing?.stop())
        .finally(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    end(service.name, error);
  }
}

/** Belongs to the process, not to a service; its faults are told with all others when the service starts. */
class TracingSettings {
  @IsOptional()
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
}

class MigrationSettings {
  @Matches(/^postgres(ql)?:\/\/\S+$/, {
    message: '$property must be an address such as postgres://host:5432/name',
  })
  DATABASE_URL!: string;
}

/** The main of a service's migration, run before its new release starts. */
export async function migrateService<S extends ServiceSettings>(service: Service<S>): Promise<void> {
  try {
    const { DATABASE_URL } = readSettings(MigrationSettings, process.env);
    const applied = await service.migrate(DATABASE_URL);
    Logger.create({ service: service.name, level: 'info' }).info('MIGRATED', {
      applied: applied.length,
      names: applied.join(','),
    });
  } catch (error) {
    end(service.name, error);
  }
}

/** One line that says what to do, then the end: a half-dead process helps nobody. */
function end(service: string, error: unknown): void {
  const code = error instanceof AttestError ? error.code : 'UNEXPECTED_ERROR';
  Logger.create({ service, level: 'error' }).error('SERVICE_ENDED', { endedBy: code }, error);
  process.exit(1);
}
