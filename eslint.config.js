import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['**/dist/', '.data/', 'coverage/', 'docs/api/']),
  tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.test.json', 'many-to-many/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'LogicalExpression[operator="??"] > MemberExpression.left[object.property.name="env"]',
          message: 'An empty variable counts as unset: use ||.',
        },
      ],
    },
  },
  {
    // tests may use non-null assertions and expressions of chai
    files: ['**/test/**/*.ts', 'verification/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    // only one module reads the environment, so that all variables are typed in one place
    files: ['**/src/**/*.ts'],
    ignores: ['common/src/runtime/config.ts', 'local/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it in common/src/runtime/config.ts.' },
      ],
    },
  },
  ...manyToMany(),
);

/**
 * Rules for the package `many-to-many`. It depends on zod only, and takes its clock, timers, ids and network from its
 * environment, so that a simulation can run it unchanged. Its folders import each other in one direction only.
 */
function manyToMany() {
  const src = (...files) => files.map((file) => `many-to-many/src/${file}`);
  const imports = (...folders) => [
    'error',
    {
      patterns: [
        { regex: '^(?!\\.|zod$)', message: 'The package imports only itself and zod.' },
        ...folders.map((folder) => ({
          regex: `^\\.\\.?/${folder}/`,
          message: `Imports in this package run one way: this folder must not import ${folder}.`,
        })),
      ],
    },
  ];
  const globals = (...allowed) => [
    'error',
    ...[
      'process',
      'Date',
      'performance',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'crypto',
      'fetch',
    ]
      .filter((name) => !allowed.includes(name))
      .map((name) => ({ name, message: 'Take it from the environment.' })),
  ];
  return [
    { files: src('**/*.ts'), rules: { 'no-restricted-imports': imports(), 'no-restricted-globals': globals() } },
    { files: src('*.ts'), rules: { 'no-restricted-imports': imports('copy', 'testing') } },
    { files: src('gateway/**'), rules: { 'no-restricted-imports': imports('reconciler', 'copy', 'testing') } },
    { files: src('reconciler/**'), rules: { 'no-restricted-imports': imports('copy', 'testing') } },
    { files: src('copy/**'), rules: { 'no-restricted-imports': imports('gateway', 'reconciler', 'testing') } },
    { files: src('environment.ts'), rules: { 'no-restricted-globals': 'off' } },
    { files: src('remote.ts'), rules: { 'no-restricted-globals': globals('fetch') } },
    { files: src('copy/startPurge.ts'), rules: { 'no-restricted-globals': globals('setInterval') } },
    // the conformance suite runs against a real copy, with the machine's clock
    { files: src('testing/conformance/**'), rules: { 'no-restricted-globals': globals('Date', 'crypto') } },
  ];
}
