// `node --import`: specs and sources in TypeScript, in every process that runs them.
import { register } from 'node:module';

/** Node's option that loads this; processes started with NODE_OPTIONS inherit it. */
export const LOADS_SPECS = `--import=${import.meta.url}`;

const HERE = Symbol.for('attest.specs-can-be-loaded');
if (process.env.NODE_OPTIONS?.includes(LOADS_SPECS) || process.execArgv.includes(LOADS_SPECS)) {
  if (!globalThis[HERE]) register('./hooks.mjs', import.meta.url);
  globalThis[HERE] = true;
}
