/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  testMatch: ['<rootDir>/(apps|libs|bench|e2e|docker|k8s|scripts)/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist(\\..*)?/', '<rootDir>/.data/', '<rootDir>/.nx/'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  runtime: '<rootDir>/scripts/jest/native-runtime.cjs',
  testEnvironment: '<rootDir>/scripts/jest/process-environment.cjs',
  // Files are compiled by the loader that Node has from the runtime.
  transform: {},
  testSequencer: '<rootDir>/scripts/jest/longest-first.cjs',
  globalSetup: '<rootDir>/scripts/jest/global-setup.mjs',
  testTimeout: 60_000,
  // On two cores: a test waits for PostgreSQL, RabbitMQ or a browser more than half of its time.
  maxWorkers: 3,
  watchman: false,
};
