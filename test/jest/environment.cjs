// The process itself as a spec's environment: what one spec has loaded and warmed up serves the next one.
const { ModuleMocker } = require('jest-mock');

module.exports = class ProcessEnvironment {
  constructor() {
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    // Jest puts its own in their place for each spec.
    this.ofTheProcess = { console: globalThis.console, exit: process.exit };
  }

  async setup() {}

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    globalThis.console = this.ofTheProcess.console;
    process.exit = this.ofTheProcess.exit;
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
};
