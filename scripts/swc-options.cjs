// One set of compiler options for the build and for the tests, so that neither can pass where the other fails.
module.exports = {
  swcrc: false,
  configFile: false,
  sourceMaps: true,
  module: { type: 'commonjs', ignoreDynamic: true },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    // `decoratorMetadata` is what Nest injects by and TypeORM reads column types from.
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
};
