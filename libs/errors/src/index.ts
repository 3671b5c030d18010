export * from './attest-error.js';
export * from './problem.js';
export * from './nhs-number.js';
export * from './reason.js';
