/**
 * Which way imports point, for dependency-cruiser: run by `npm run house`. Each rule says in its comment what to do.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const names = (folder) =>
  readdirSync(join(__dirname, '../..', folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
const oneOf = (list) => `(${list.join('|')})`;
/** Specs and what serves them alone. */
const SPECS = '\\.spec\\.ts$|/test/';

/** What each lib may import of ours. `contracts`, `money` and `errors` stand on the ground. */
const LIB_ARROWS = {
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
  http: ['calendar', 'errors', 'persistence', 'telemetry'],
  hosting: [
    ...['auth', 'calendar', 'config', 'contracts', 'errors'],
    ...['http', 'messaging', 'persistence', 'telemetry'],
  ],
  audit: ['hosting', 'persistence'],
  bulk: [
    ...['auth', 'calendar', 'contracts', 'errors', 'hosting'],
    ...['http', 'messaging', 'persistence', 'telemetry'],
  ],
};
/** A lib that is not listed may import none. */
const arrowsOf = (lib) => LIB_ARROWS[lib] ?? [];

/** Inside a service: a room may import the rooms named here, and itself. */
const ROOM_ARROWS = {
  domain: [],
  // Settings are injected, typed, wherever one is needed; the domain needs none.
  application: ['domain', 'config'],
  api: ['application', 'domain', 'config'],
  messaging: ['application', 'domain', 'config'],
  persistence: ['application', 'domain', 'config'],
  config: [],
};

const libRules = names('libs').map((lib) => ({
  name: `lib-${lib}`,
  comment: `libs/${lib} imports ${arrowsOf(lib).join(', ') || 'no lib of ours'} and nothing else of ours: move what you need beneath it, or say in LIB_ARROWS why it may.`,
  severity: 'error',
  from: { path: `^libs/${lib}/src/`, pathNot: SPECS },
  to: { path: '^(libs|services|tools|test)/', pathNot: `^libs/${oneOf([lib, ...arrowsOf(lib)])}/` },
}));

const roomRules = Object.entries(ROOM_ARROWS).map(([room, others]) => ({
  name: `room-${room}`,
  comment: `A service's ${room} imports ${others.join(', ') || 'no other room'}: give what you need to a port, or put it into a room beneath.`,
  severity: 'error',
  from: { path: `^services/[^/]+/src/${room}/`, pathNot: SPECS },
  // Files of the service's root (its module, its index) wire rooms; no room imports them.
  to: { path: '^services/[^/]+/src/', pathNot: `^services/[^/]+/src/${oneOf([room, ...others])}/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'circle',
      comment: 'These files import each other in a circle: put what both need into a file beneath both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'service-imports-service',
      comment: 'Services import libs and never each other: say it by an event of contracts.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'service-imports-outside',
      comment: 'What runs in production imports no tools, no specs and no test support.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/', pathNot: SPECS },
      to: { path: `^(tools|test)/|${SPECS}` },
    },
    {
      name: 'lib-imports-tools',
      comment: 'Tools import libs; libs and services never import tools. Their specs may: @attest/testing.',
      severity: 'error',
      from: { path: '^(libs|services)/', pathNot: SPECS },
      to: { path: '^tools/' },
    },
    ...libRules,
    ...roomRules,
    {
      name: 'domain-is-plain',
      comment: 'A domain is plain TypeScript: no Nest, no database, no Kafka, no HTTP.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/domain/', pathNot: SPECS },
      to: {
        path: [
          'node_modules/(@nestjs|typeorm|pg|pg-copy-streams|kafkajs|rxjs|fastify)(/|$)',
          '^libs/(messaging|persistence|http|hosting|auth|bulk)/',
        ],
      },
    },
    {
      name: 'application-knows-no-adapter',
      comment: 'A use case knows ports, not how they are kept or served.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/application/', pathNot: SPECS },
      to: { path: 'node_modules/(typeorm|pg|pg-copy-streams|kafkajs|fastify)(/|$)' },
    },
    {
      name: 'kafkajs-in-one-folder',
      comment: 'kafkajs is imported in libs/messaging/src/kafka: ask @attest/messaging/kafka.',
      severity: 'error',
      from: { pathNot: '^libs/messaging/src/kafka/' },
      to: { path: 'node_modules/kafkajs(/|$)' },
    },
    {
      name: 'inside-of-a-lib',
      comment: 'A lib is imported by its name, not by a path into it: @attest/messaging.',
      severity: 'error',
      from: { path: '^(libs|services)/([^/]+)/src/', pathNot: SPECS },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/(kafka/)?index\\.ts$'] },
    },
    {
      name: 'not-found',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: { path: '^(libs|services|tools|test)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    // Types count: a circle of types is a circle of thoughts.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(__dirname, '../../tsconfig.test.json') },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
