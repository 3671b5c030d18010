export * from './calculate.js';
export * from './calculation.js';
export * from './calculation.errors.js';
export * from './check-pack.js';
export * from './missing-inputs.js';
export * from './page-values.js';
export * from './run-examples.js';
export * from './steps.js';
