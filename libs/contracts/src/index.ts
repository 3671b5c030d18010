export * from './scalars.js';
export * from './validation.js';
export * from './topics.js';
export * from './event.js';
export * from './barriers.events.js';
