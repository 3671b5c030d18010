import type { Environment } from './read-settings.js';

/** The environment of this process: the only place where it is read. */
export const processEnvironment = (): Environment => process.env;
