const swcOptions = require('./scripts/swc-options.cjs');

// Published as ES modules only; Jest on Node 20 cannot require() those, so they are compiled too.
const esModules = [
  '@nestjs',
  '@borewit',
  '@tokenizer',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  'node-fetch',
  'fetch-blob',
  'data-uri-to-buffer',
  'formdata-polyfill',
  'uuid',
  'get-port',
];

// Jest has no loader for dynamic imports on Node 20: inside tests they become require() too.
const testOptions = { ...swcOptions, module: { type: 'commonjs' } };

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/(apps|libs|bench|e2e|docker|k8s|scripts)/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist(\\..*)?/', '<rootDir>/.data/', '<rootDir>/.nx/'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^@tearoff/([^/]+)$': '<rootDir>/libs/$1/src/index.ts' },
  transform: { '\\.(ts|js|mjs)$': ['@swc/jest', testOptions] },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
  globalSetup: '<rootDir>/scripts/jest-global-setup.mjs',
  testTimeout: 30_000,
  maxWorkers: 2,
  watchman: false,
};
