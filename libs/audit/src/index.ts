export * from './anchor-folder.js';
export * from './audit-appender.js';
export * from './audit-settings.js';
export * from './audit-tables.js';
export * from './canonical.js';
