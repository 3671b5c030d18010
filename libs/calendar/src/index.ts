export * from './london-date.js';
export * from './london-time.js';
export * from './period.js';
export * from './financial-year.js';
export * from './clock.js';
