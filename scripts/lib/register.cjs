// node -r ./scripts/lib/register.cjs file.ts: runs a TypeScript file of this repository without a build,
// with the build's own compiler options. For tests, and what they start besides.
const Module = require('node:module');
const path = require('node:path');
const { compile } = require('./compile.cjs');

const libs = path.join(__dirname, '..', '..', 'libs');

Module._extensions['.ts'] = (module, filename) => module._compile(compile(filename).code, filename);

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  const [, library] = /^@tearoff\/([a-z-]+)$/.exec(request) ?? [];
  return resolveFilename(library ? path.join(libs, library, 'src', 'index.ts') : request, ...rest);
};
