export * from './database.js';
export * from './tx.js';
export * from './type-parsers.js';
export * from './array-literals.js';
export * from './newest-of-each.js';
export * from './passing-failures.js';
export * from './persistence.errors.js';
export * from './migrate.js';
export type { MigrationInterface, QueryRunner } from 'typeorm';
