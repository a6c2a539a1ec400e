const { ModuleMocker } = require('jest-mock');

/** Jest's surroundings of a test file: the process itself, for what Node has loaded cannot be shared with a sandbox. */
module.exports = class ProcessEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  #env = { ...process.env };
  #console = globalThis.console;
  #exit = Object.getOwnPropertyDescriptor(process, 'exit');

  async setup() {}

  /** The next file of this process finds things as this one did. */
  async teardown() {
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name];
    Object.assign(process.env, this.#env);
    Object.defineProperty(process, 'exit', this.#exit);
    globalThis.console = this.#console;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  // Asked for, though no script is run in one.
  getVmContext() {
    return null;
  }
};
