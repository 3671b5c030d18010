export * from './service-settings.js';
export * from './service.js';
export * from './run.js';
export * from './hosting.errors.js';
export * from './migrations/index.js';
export * from './clock/movable-clock.js';
export * from './scheduler/scheduled.js';
export * from './scheduler/scheduler.js';
export { PlatformModule } from './platform.module.js';
