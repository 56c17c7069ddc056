import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import * as jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** Which packages each package may import: the table of docs/architecture.md. */
const MAY_IMPORT = {
  raster: [],
  'data-synth': ['raster'],
  'data-real': ['raster'],
  preprocess: ['raster'],
  metrics: [],
  plots: [],
  nn: [],
  'model-classifier': ['nn'],
  'model-convlstm': ['nn'],
  'model-siamese': ['nn'],
  'trainer-core': [],
  runtime: [],
  inference: [
    'metrics',
    'model-classifier',
    'model-convlstm',
    'model-siamese',
    'nn',
    'preprocess',
    'raster',
  ],
  mpi: [],
};

/** Libraries that only some packages may name. */
const RESERVED = {
  '@tensorflow/*': [
    'nn',
    'model-classifier',
    'model-convlstm',
    'model-siamese',
    'trainer-core',
    'runtime',
    'inference',
  ],
  '@tensorflow/tfjs-node': ['runtime'],
  '@tensorflow/tfjs-node-gpu': ['runtime'],
  geotiff: ['raster'],
  proj4: ['raster'],
  'fast-xml-parser': ['data-real'],
  zarrita: ['raster'],
  'sql.js': ['data-real'],
  koffi: ['mpi'],
};

const depConstraints = [
  ...Object.entries(MAY_IMPORT).map(([name, friends]) => ({
    sourceTag: `pkg:${name}`,
    onlyDependOnLibsWithTags: friends.map((friend) => `pkg:${friend}`),
    bannedExternalImports: Object.entries(RESERVED)
      .filter(([, owners]) => !owners.includes(name))
      .map(([library]) => library),
  })),
  ...['train-all', 'serve', 'benchmarks', 'conformance'].map((name) => ({
    sourceTag: `app:${name}`,
    onlyDependOnLibsWithTags: ['type:lib'],
  })),
];

export default tseslint.config(
  {
    ignores: ['**/dist', '**/out-tsc', '**/.nx', '**/.venv*', 'data', 'runs', 'searches', 'models'],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.mts', '**/*.mjs'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [
            '^.*/tsup\\.config\\.js$',
            '^.*/vitest\\.config\\.base\\.mjs$',
            '^(\\.\\./)+tools/(run-model-test|native-backend|make-cube)\\.js$',
          ],
          depConstraints,
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take a seed or a generator.' },
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
      ],
    },
  },
  {
    files: ['apps/**/*.ts', 'benchmarks/**/*.ts', 'tools/**', 'packages/runtime/src/cli.ts'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['examples/**'],
    languageOptions: {
      globals: Object.fromEntries(
        ['console', 'process', 'performance', 'fetch', 'AbortController', 'AbortSignal']
          .concat(['document', 'location', 'URL', 'URLSearchParams'])
          .map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'no-console': 'off', '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['examples/node-require/*.js'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['packages/*/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsonc },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: ['{projectRoot}/tests/**/*', '{projectRoot}/*.config.{ts,mts}'],
          // An optional peer that is not installed here, a font reached as a file, types that show in ours.
          ignoredDependencies: ['@tensorflow/tfjs-node-gpu', 'dejavu-fonts-ttf', '@types/ndarray'],
        },
      ],
    },
  },
);
