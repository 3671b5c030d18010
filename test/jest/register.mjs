// `node --import`: specs and sources in TypeScript, in every process that runs them.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
