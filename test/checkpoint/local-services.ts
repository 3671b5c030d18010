import type { ServiceName } from '@attest/contracts';
import { startIdentityProvider } from '@attest/stack/identity-provider/index';
import { startInfrastructure } from '@attest/stack/infrastructure';
import type { Kafka } from '@attest/stack/kafka';
import type { KafkaTlsWay } from '@attest/stack/kafka-door';
import { openFolder } from '@attest/stack/paths';
import { SERVICES, startServices } from '@attest/stack/services';
import { armedAt, specPorts } from '@attest/testing';

/** The eight services as separate processes on a PostgreSQL and a Kafka of their own, which may be killed one by one. */
export interface LocalServices {
  readonly urls: Readonly<Record<string, string>>;
  readonly databaseUrls: ReadonlyMap<string, string>;
  readonly kafka: Kafka;
  token(personId: string): Promise<string>;
  /** Dies at each of these steps in turn and is started again after each; resolves when it has died at the last. */
  dieAt(service: ServiceName, steps: readonly string[], onDied: (step: string) => void): Promise<void>;
  /** When one of them died last. */
  diedAt(): number;
  /** kill -9 after so many milliseconds, then starts it again. */
  killAfter(service: ServiceName, ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface LocalOptions {
  readonly people: readonly LocalPerson[];
  /** A process for each service, so that one alone can die. */
  readonly separate: boolean;
  readonly kafkaTls?: KafkaTlsWay;
  readonly ports: { readonly postgres: number; readonly kafka: number };
}
export interface LocalPerson {
  readonly personId: string;
  readonly name: string;
  readonly role: string;
  readonly organisationCode: string;
}

export const SEPARATE: LocalOptions = {
  people: anybody(),
  separate: true,
  ports: specPorts(),
};

export async function startLocalServices(
  folder: string,
  { people, separate, kafkaTls, ports }: LocalOptions = SEPARATE,
): Promise<LocalServices> {
  openFolder(folder);
  const infrastructure = await startInfrastructure({
    folder,
    services: SERVICES,
    kafkaTls,
    ports,
    tuning: { fsync: 'off' },
  });
  const identity = await startIdentityProvider({ stateDir: folder, people });
  const services = await startServices({
    infrastructure,
    stateDir: folder,
    issuer: identity.issuer,
    operator: 'operator1.england',
    separate,
    // Of a process that is killed Kafka learns by its silence alone.
    env: separate
      ? { KAFKA_SESSION_TIMEOUT_MS: '2000', CRASH_WHEN_TOLD: 'true' }
      : { KAFKA_SESSION_TIMEOUT_MS: '6000' },
  });
  let diedAt = 0;
  let stopped = false;
  const tokens = new Map<string, Promise<string>>();

  return {
    urls: services.urls,
    databaseUrls: infrastructure.databaseUrls,
    kafka: infrastructure.kafka,
    token: (personId) => {
      if (!tokens.has(personId)) tokens.set(personId, identity.token(personId));
      return tokens.get(personId)!;
    },
    dieAt: async (service, steps, onDied) => {
      const child = () => services.children.get(service)!;
      await armedAt(child(), steps[0]!);
      for (const [at, step] of steps.entries()) {
        const { code, signal } = await child().exited;
        if (stopped) return;
        if (signal !== 'SIGKILL') throw new Error(`${service} ended with ${code} before it came to ${step}`);
        diedAt = Date.now();
        onDied(step);
        // The next step is armed from its start: it may come to it with what it has to do again.
        const next = steps[at + 1];
        await services.restart(service, next ? { CRASH_AT: next } : {});
      }
    },
    diedAt: () => diedAt,
    killAfter: async (service, ms) => {
      await new Promise((wake) => setTimeout(wake, ms));
      await services.kill(service);
      diedAt = Date.now();
      await services.restart(service);
    },
    stop: async () => {
      stopped = true;
      await services.stop();
      await identity.close();
      await infrastructure.kill();
    },
  };
}

/** The people of a small month: an operator, a supplier, a commissioner's two, an agency, and a declarer each. */
function anybody(): LocalPerson[] {
  const person = (personId: string, role: string, organisationCode: string): LocalPerson => ({
    personId,
    name: personId,
    role,
    organisationCode,
  });
  return [
    person('operator1.england', 'NATIONAL_OPERATOR', 'ENGLAND'),
    person('supplier.england', 'EXTRACT_SUBMISSION', 'ENGLAND'),
    person('approver1.xqa', 'APPROVAL_MANAGEMENT', 'XQA'),
    person('finance1.xqa', 'FINANCE_MANAGEMENT', 'XQA'),
    person('agency.pcse', 'PAYMENT_AGENCY', 'PCSE'),
    ...Array.from({ length: 100 }, (_, n) => {
      const code = `X${String(n).padStart(5, '0')}`;
      return person(`declarer.${code.toLowerCase()}`, 'DECLARATION_MANAGEMENT', code);
    }),
  ];
}
