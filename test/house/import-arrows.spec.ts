import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = process.cwd();
const libs = readdirSync(join(ROOT, 'libs'));
const services = readdirSync(join(ROOT, 'services'));

/** What each lib may import of ours. `contracts`, `money` and `errors` stand on the ground. */
const LIB_ARROWS: Record<string, readonly string[]> = {
  contracts: [],
  money: [],
  errors: [],
  calendar: ['contracts', 'errors', 'persistence', 'messaging'],
  calculation: ['contracts', 'money', 'errors'],
  config: ['errors'],
  persistence: ['errors'],
  telemetry: ['errors'],
  messaging: ['contracts', 'errors', 'persistence', 'telemetry'],
  auth: ['calendar', 'contracts', 'errors', 'messaging', 'persistence'],
  http: ['errors', 'persistence', 'telemetry'],
  hosting: [
    'auth',
    'calendar',
    'config',
    'contracts',
    'errors',
    'http',
    'messaging',
    'persistence',
    'telemetry',
  ],
  audit: ['hosting', 'persistence'],
  bulk: [
    'auth',
    'calendar',
    'contracts',
    'errors',
    'hosting',
    'http',
    'messaging',
    'persistence',
    'telemetry',
  ],
};

/** Inside a service: a room may import the rooms named here, and itself. */
const ROOM_ARROWS: Record<string, readonly string[]> = {
  domain: [],
  // Settings are injected, typed, wherever one is needed; the domain needs none.
  application: ['domain', 'config'],
  api: ['application', 'domain', 'config'],
  messaging: ['application', 'domain', 'config'],
  persistence: ['application', 'domain', 'config'],
  config: [],
};

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'dist' || name === 'node_modules' ? [] : sources(path);
    return name.endsWith('.ts') && !name.endsWith('.spec.ts') ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
}

/** Ours, whether all of it is imported or one part: `messaging/kafka`. */
function packageOf(name: string): string {
  return name.split('/')[1]!;
}

describe('import arrows', () => {
  it.each(libs)('libs/%s imports only the libs beneath it', (lib) => {
    const allowed = LIB_ARROWS[lib];
    expect({ lib, known: allowed !== undefined }).toEqual({ lib, known: true });
    const wrong = sources(join(ROOT, 'libs', lib, 'src')).flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('@attest/') && !allowed!.includes(packageOf(name)))
        .map((name) => `${relative(ROOT, file)} -> ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(services)('services/%s imports libs and never another service', (service) => {
    const wrong = sources(join(ROOT, 'services', service, 'src')).flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('@attest/'))
        .filter((name) => !libs.includes(packageOf(name)) || name === '@attest/testing')
        .map((name) => `${relative(ROOT, file)} -> ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(services)('services/%s: api, messaging, persistence -> application -> domain', (service) => {
    const home = join(ROOT, 'services', service, 'src');
    const wrong = sources(home).flatMap((file) => {
      const [room = '', ...rest] = relative(home, file).split(sep);
      const allowed = rest.length > 0 ? ROOM_ARROWS[room] : undefined;
      if (!allowed) return [];
      return importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(home, join(file, '..', name)).split(sep))
        .filter((path) => path.length > 1 && path[0] !== room && !allowed.includes(path[0]!))
        .map((path) => `${relative(home, file)} -> ${path.join('/')}`);
    });
    expect(wrong).toEqual([]);
  });

  it.each(services)('services/%s keeps Nest, pg, Kafka and the environment out of its domain', (service) => {
    const home = join(ROOT, 'services', service, 'src', 'domain');
    const wrong = sources(home).flatMap((file) => {
      const foreign = importsOf(file).filter((name) =>
        /^(@nestjs|pg|typeorm|kafkajs|rxjs|@attest\/(messaging|persistence|http|hosting|auth|bulk))/.test(
          name,
        ),
      );
      const reads = readFileSync(file, 'utf8').includes('process.env') ? ['process.env'] : [];
      return [...foreign, ...reads].map((name) => `${relative(ROOT, file)} -> ${name}`);
    });
    expect(wrong).toEqual([]);
  });
});
