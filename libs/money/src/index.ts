export * from './money-format.error.js';
export * from './pence.js';
export * from './ratio.js';
export * from './rounding.js';
