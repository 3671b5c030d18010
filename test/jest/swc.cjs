/**
 * How specs and sources are made JavaScript: as `tsc` does it, without checking types.
 * @type {import('@swc/core').Options}
 */
const options = {
  swcrc: false,
  configFile: false,
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
};

module.exports = options;
