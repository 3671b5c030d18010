import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { eventDefinitions, SERVICES, stands, TOPICS, type ServiceName } from '@attest/contracts';
import { republishedBy } from '@attest/messaging';

type Provider = object | (new (...args: never[]) => unknown);

/** What a service's module and those that it imports provide. */
async function providersOf(service: ServiceName): Promise<Provider[]> {
  const { AppModule } = (await import(`../../services/${service}/src/app.module.js`)) as {
    AppModule: Provider;
  };
  const seen = new Set<unknown>();
  const found: Provider[] = [];
  const look = (module: unknown): void => {
    if (seen.has(module) || typeof module !== 'function') return;
    seen.add(module);
    found.push(...((Reflect.getMetadata('providers', module) as Provider[] | undefined) ?? []));
    for (const imported of (Reflect.getMetadata('imports', module) as unknown[] | undefined) ?? [])
      look(imported);
  };
  look(AppModule);
  return found.map((one) => ('useClass' in one ? (one.useClass as Provider) : one));
}

/** Every event that is told again, of the topics that the service writes. */
const standingOf = (service: ServiceName): string[] =>
  [...eventDefinitions().values()]
    .filter((one) => !one.type.startsWith('spec.') && stands(one) && TOPICS[one.topic].writer === service)
    .map(({ type }) => type)
    .sort();

describe('no service says something that stands and cannot tell it again', () => {
  it.each(SERVICES)('%s', async (service) => {
    const told = (await providersOf(service)).flatMap(republishedBy);
    expect(told.map(({ type }) => type).sort()).toEqual(standingOf(service));
    expect(told.filter(({ topic }) => TOPICS[topic].writer !== service)).toEqual([]);
  });
});
