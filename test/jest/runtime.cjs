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
  constructor(_config, environment) {
    this.mocker = environment.moduleMocker;
    this.spec = ++specs;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  /** A new instance of the spec and its helpers, on what is loaded already: see hooks.mjs. */
  unstable_importModule(path) {
    return import(`${pathToFileURL(path).href}?spec=${this.spec}`);
  }

  /** Jest's framework: its tests and hooks are those of one spec. */
  requireInternalModule(path) {
    // Else what a spec leaves to fail by itself would be told to the framework of the first one.
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
    for (const loaded of Object.keys(require.cache))
      if (loaded.includes(CIRCUS)) delete require.cache[loaded];
    return require(path);
  }

  requireModule(path) {
    return require(path);
  }

  setGlobalsForRuntime(globals) {
    const { mocker } = this;
    const jest = {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
    };
    globalThis[Symbol.for('attest.jest-globals')] = { ...globals, jest };
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

let folder;
function writeMap(filename) {
  folder ??= mkdtempSync(join(tmpdir(), 'attest-source-maps-'));
  const { map } = transformSync(readFileSync(filename, 'utf8'), { ...swc, filename, sourceMaps: true });
  const file = join(folder, `${specs}-${basename(filename)}.map`);
  writeFileSync(file, map);
  return file;
}

module.exports = { __esModule: true, default: ProcessRuntime };
