// One process that hosts several services, each with its own database, consumer and port, sharing nothing.
// node host.js '{"mode": "start" | "migrate", "services": {"organisations": {settings…}, …}}'

/** What is hosted, as the second word of the command says it. */
export interface Hosting {
  readonly mode: 'start' | 'migrate';
  /** The settings of each service, by its name. */
  readonly services: Readonly<Record<string, ServiceEnvironment>>;
}

/** What a service reads of its settings, as environment variables. */
export type ServiceEnvironment = Readonly<Record<string, string | undefined>>;

/** What the index of a service gives. */
interface HostedService {
  readonly name: string;
  migrate(databaseUrl: string | undefined): Promise<unknown>;
  start(env: ServiceEnvironment | undefined): Promise<RunningService>;
}

interface RunningService {
  close(): Promise<unknown>;
}

const { mode, services }: Hosting = JSON.parse(process.argv[2] ?? '{}');
const running: RunningService[] = [];

let stopping: Promise<never> | undefined;
function stop(code = 0): Promise<never> {
  stopping ??= Promise.allSettled(running.map((service) => service.close())).then(() => process.exit(code));
  return stopping;
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

try {
  const definitions = await Promise.all(Object.keys(services).map(definitionOf));
  await Promise.all(definitions.map((service) => service.migrate(services[service.name]?.DATABASE_URL)));
  if (mode === 'migrate') process.exit(0);
  await Promise.all(
    definitions.map(async (service) => running.push(await service.start(services[service.name]))),
  );
} catch (error) {
  console.error(error);
  await stop(1);
}

async function definitionOf(name: string): Promise<HostedService> {
  const exported: object = await import(`../../../services/${name}/dist/index.js`);
  const found = Object.values(exported).find(
    (value: unknown): value is HostedService => isService(value) && value.name === name,
  );
  if (!found) throw new Error(`services/${name} exports no service of that name`);
  return found;
}

function isService(value: unknown): value is HostedService {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'start' in value &&
    typeof value.start === 'function'
  );
}
