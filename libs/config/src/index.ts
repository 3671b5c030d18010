export * from './read-settings.js';
export * from './settings-faulty.error.js';
