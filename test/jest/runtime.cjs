// What Jest asks of a runtime, answered by Node's own loader: modules are loaded once for a process, not for each spec.
const { mkdtempSync, readFileSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, join, sep } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { transformSync } = require('@swc/core');
const swc = require('./swc.cjs');

const CIRCUS = `${sep}jest-circus${sep}`;
let specs = 0;

// A worker whose Jest was killed would go on with its spec, beside the next run.
process.once('disconnect', () => process.exit(1));

class ProcessRuntime {
  /**
   * @param {unknown} _config
   * @param {InstanceType<typeof import('./environment.cjs')>} environment
   */
  constructor(_config, environment) {
    this.mocker = environment.moduleMocker;
    this.spec = ++specs;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  /**
   * A new instance of the spec and its helpers, on what is loaded already: see hooks.mjs.
   * @param {string} path
   */
  unstable_importModule(path) {
    return import(`${pathToFileURL(path).href}?spec=${this.spec}`);
  }

  /**
   * Jest's framework: its tests and hooks are those of one spec.
   * @param {string} path
   */
  requireInternalModule(path) {
    // Else what a spec leaves to fail by itself would be told to the framework of the first one.
    Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
    for (const loaded of Object.keys(require.cache))
      if (loaded.includes(CIRCUS)) delete require.cache[loaded];
    return require(path);
  }

  /** @param {string} path */
  requireModule(path) {
    return require(path);
  }

  /** @param {object} globals */
  setGlobalsForRuntime(globals) {
    const { mocker } = this;
    const jest = {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
    };
    Reflect.set(globalThis, Symbol.for('attest.jest-globals'), { ...globals, jest });
  }

  getSourceMaps() {
    return sourceMaps;
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
}

/** Made when a stack is to be shown, which is rare. */
const sourceMaps = {
  /** @type {Map<string, string | undefined>} */
  files: new Map(),
  /** @param {string} address of a module, as a stack names it */
  get(address) {
    const url = address.replace(/\?spec=\d+$/, '');
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return undefined;
    if (!this.files.has(url)) this.files.set(url, writeMap(fileURLToPath(url)));
    return this.files.get(url);
  },
  [Symbol.iterator]: () => [][Symbol.iterator](),
};

/** @type {string | undefined} */
let folder;

/** @param {string} filename */
function writeMap(filename) {
  folder ??= mkdtempSync(join(tmpdir(), 'attest-source-maps-'));
  const { map } = transformSync(readFileSync(filename, 'utf8'), { ...swc, filename, sourceMaps: true });
  if (!map) return undefined;
  const file = join(folder, `${specs}-${basename(filename)}.map`);
  writeFileSync(file, map);
  return file;
}

module.exports = { __esModule: true, default: ProcessRuntime };
