import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['**/dist/', '.data/', 'coverage/']),
  tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: [
          'tsconfig.test.json',
          '{many-to-many,common,migrations,local}/tsconfig.json',
          'services/*/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-console': 'error',
    },
  },
  {
    // what the style asks of the product is looser where it is only tried
    files: ['**/test/**/*.ts', 'verification/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    // one module reads the environment, so that every variable is in one typed place
    files: ['**/src/**/*.ts'],
    ignores: ['common/src/runtime/config.ts', 'local/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it in common/src/runtime/config.ts.' },
      ],
    },
  },
  {
    // the protocol is given its network, clock and process, so that a simulation can run it as it is
    files: ['services/gateway/src/protocol/**/*.ts'],
    rules: {
      'no-restricted-imports': protocolImports('\\./'),
      'no-restricted-globals': [
        'error',
        'process',
        'Date',
        'performance',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'queueMicrotask',
        'crypto',
        'fetch',
      ],
    },
  },
  {
    files: ['services/gateway/src/protocol/reconciler/*.ts'],
    rules: { 'no-restricted-imports': protocolImports('\\.\\.?/\\w') },
  },
);

function protocolImports(own) {
  const message = 'The protocol imports only itself and types of the contract.';
  return ['error', { patterns: [{ regex: `^(?!${own}|@attendance/common/contract/)`, message }] }];
}
