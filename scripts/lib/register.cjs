// node -r ./scripts/lib/register.cjs file.ts: runs a TypeScript file of this repository without a build,
// with the build's own compiler options. For tests that need a second process.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');
const swcOptions = require('../swc-options.cjs');

const root = path.join(__dirname, '..', '..');

Module._extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8');
  module._compile(transformSync(source, { ...swcOptions, sourceMaps: 'inline', filename }).code, filename);
};

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  const [, library] = /^@tearoff\/([a-z-]+)$/.exec(request) ?? [];
  return resolveFilename(library ? path.join(root, 'libs', library, 'src', 'index.ts') : request, ...rest);
};
