/** Node's option that loads specs; processes started with NODE_OPTIONS inherit it. */
export const LOADS_SPECS = `--import=${new URL('register.mjs', import.meta.url).href}`;
