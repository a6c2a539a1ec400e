// Jest's way to run a test file, by Node's own module loader instead of Jest's: what is in node_modules (Nest, TypeORM,
// Fastify …) is then loaded once a worker. Jest would evaluate it anew, in a sandbox, for each of the files, which was
// half of a run's time. Our own modules are evaluated anew for each file, so no file finds another's state in them.
// Not to be had this way, and not needed so far: jest.mock, fake timers, coverage.

// Here already, for a thread of ours that comes to need it: an addon that only a thread has loaded crashes when it ends.
require('@swc/core');
const Module = require('node:module');
require('../lib/register.cjs');
const { compile } = require('../lib/compile.cjs');

let sourceMaps;
Module._extensions['.ts'] = (module, filename) => {
  const { file, code } = compile(filename);
  sourceMaps.set(filename, `${file}.map`);
  module._compile(code, filename);
};

module.exports = class NativeRuntime {
  #sourceMaps = new Map();
  #mocker;

  constructor(_config, { moduleMocker }) {
    sourceMaps = this.#sourceMaps;
    this.#mocker = moduleMocker;
    globalThis.jest = {
      fn: moduleMocker.fn.bind(moduleMocker),
      spyOn: moduleMocker.spyOn.bind(moduleMocker),
      restoreAllMocks: () => moduleMocker.restoreAllMocks(),
    };
  }

  requireModule(path) {
    return require(path);
  }

  /** Jest's own part in the tests' process, which holds the tests of one file. */
  requireInternalModule(path) {
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
    delete require.cache[path];
    return require(path);
  }

  getSourceMaps() {
    return this.#sourceMaps;
  }

  teardown() {
    this.#mocker.restoreAllMocks();
    for (const path of Object.keys(require.cache)) if (path.endsWith('.ts')) delete require.cache[path];
    // What our modules have left in those that stay.
    require('prom-client').register.clear();
    delete globalThis.typeormMetadataArgsStorage;
  }

  unstable_shouldLoadAsEsm() {
    return false;
  }

  // Of no use here, but asked for.
  setGlobalsForRuntime() {}
  enterTestCode() {}
  leaveTestCode() {}
  getAllCoverageInfoCopy() {}
};
