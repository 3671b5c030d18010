export * from './eventually.js';
export * from './names.js';
export { testKafka } from './test-servers.js';
export * from './test-database.js';
export * from './own-servers.js';
export * from './tokens.js';
export * from './event-topics.js';
export * from './service-under-test.js';
export * from './waiting-statements.js';
