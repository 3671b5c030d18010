export * from './correlation.js';
export * from './logger.js';
export * from './metrics.js';
export * from './once-per-minute.js';
export * from './tracing.js';
export * from './trying-again.js';
