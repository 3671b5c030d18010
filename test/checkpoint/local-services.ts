import { join } from 'node:path';
import { specPorts } from '@attest/testing';

/** The eight services as separate processes on a PostgreSQL and a Kafka of their own, which may be killed one by one. */
export interface LocalServices {
  readonly urls: Readonly<Record<string, string>>;
  readonly databaseUrls: ReadonlyMap<string, string>;
  readonly brokers: readonly string[];
  token(personId: string): Promise<string>;
  restart(service: string, env?: Record<string, string>): Promise<void>;
  /** Starts it again, without its failpoint, when it has died; `stop` says whether it had. */
  reviveWhenDead(service: string): { stop(): Promise<boolean> };
  /** kill -9 after so many milliseconds, then starts it again. */
  killAfter(service: string, ms: number): Promise<void>;
  stop(): Promise<void>;
}

interface Child {
  running(): boolean;
  readonly exited: Promise<unknown>;
}

export interface LocalOptions {
  readonly people: readonly LocalPerson[];
  /** A process for each service, so that one alone can die. */
  readonly separate: boolean;
  readonly ports: { readonly postgres: number; readonly kafka: number };
}
export interface LocalPerson {
  readonly personId: string;
  readonly name: string;
  readonly role: string;
  readonly organisationCode: string;
}

const SEPARATE: LocalOptions = {
  people: anybody(),
  separate: true,
  ports: specPorts(),
};

export async function startLocalServices(
  folder: string,
  { people, separate, ports }: LocalOptions = SEPARATE,
): Promise<LocalServices> {
  const local = join(process.cwd(), 'deploy', 'local');
  const { startInfrastructure } = await import(join(local, 'infrastructure.mjs'));
  const { SERVICES, startServices } = await import(join(local, 'services.mjs'));
  const { startIdentityProvider } = await import(join(local, 'identity-provider', 'index.mjs'));
  const { openFolder } = await import(join(local, 'paths.mjs'));
  openFolder(folder);
  const infrastructure = await startInfrastructure({
    folder,
    services: SERVICES,
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
    env: { KAFKA_SESSION_TIMEOUT_MS: '6000' },
  });
  const tokens = new Map<string, Promise<string>>();

  return {
    urls: services.urls,
    databaseUrls: infrastructure.databaseUrls,
    brokers: infrastructure.kafka.brokers as readonly string[],
    token: (personId) => {
      if (!tokens.has(personId)) tokens.set(personId, identity.token(personId));
      return tokens.get(personId)!;
    },
    restart: services.restart,
    reviveWhenDead: (service) => {
      const child = services.children.get(service) as Child;
      let died = false;
      let over = false;
      const revival = child.exited.then(async () => {
        if (over) return;
        died = true;
        await services.restart(service);
      });
      return {
        stop: async () => {
          over = !child.running() ? over : true;
          if (over) {
            // It passed its step without dying: it must not die later, in somebody else's round.
            await services.restart(service);
          } else await revival;
          return died;
        },
      };
    },
    killAfter: async (service, ms) => {
      await new Promise((wake) => setTimeout(wake, ms));
      await services.kill(service);
      await services.restart(service);
    },
    stop: async () => {
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
    ...Array.from({ length: 60 }, (_, n) => {
      const code = `X${String(n).padStart(5, '0')}`;
      return person(`declarer.${code.toLowerCase()}`, 'DECLARATION_MANAGEMENT', code);
    }),
  ];
}
