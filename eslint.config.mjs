import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.attest/**', 'docs/reference/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,mjs}'],
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'off', // decorated constructors need the value
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // process.env is read in one place, so that several services can live in one process.
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read once by @attest/config.' },
        {
          object: 'Math',
          property: 'round',
          message: 'Money and points are rounded by @attest/money alone.',
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          // One save() per row measured 500 rows/s against 72,000 for one UNNEST insert.
          selector:
            "CallExpression[callee.property.name='save'][callee.object.property.name=/[Rr]epository$/]",
          message: 'Write sets with UNNEST or COPY, never repository.save().',
        },
      ],
    },
  },
  {
    files: [
      'services/*/src/main.ts',
      'services/*/src/migrate.ts',
      'libs/hosting/src/run.ts',
      'tools/**',
      'test/**',
      '**/*.spec.ts',
      '**/test/**',
      '*.mjs',
    ],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  {
    // Types are never given up there.
    files: ['tools/**'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true, 'ts-check': false },
      ],
    },
  },
  {
    // A comment cannot allow it either, but for the one type by which specs read answers that differ by route.
    files: ['tools/**'],
    ignores: ['tools/testing/src/json.ts'],
    linterOptions: { noInlineConfig: true },
  },
  {
    // Jest and dependency-cruiser load these with require.
    files: ['test/jest/*.cjs', 'tools/house/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
