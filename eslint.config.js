import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

// The dependency rule of the house, one direction only. Each place may import from no folder that is listed for it.
// test/structure.test.ts checks that there are no circular imports either.
const above = {
  dsl: ['src', 'laws', 'examples', 'bench', 'test'],
  laws: [
    'interpret',
    'inference',
    'bayesian-network',
    'information',
    'linear-algebra',
    'compile',
    'language-model',
    'report',
    'cli',
    'examples',
    'bench',
    'test',
  ],
  examples: ['cli', 'bench', 'test'],
  'src/linear-algebra': [
    'category',
    'interpret',
    'inference',
    'bayesian-network',
    'information',
    'compile',
    'language-model',
    'report',
    'cli',
    'laws',
    'examples',
  ],
  'src/category': [
    'interpret',
    'inference',
    'bayesian-network',
    'information',
    'compile',
    'language-model',
    'report',
    'cli',
    'laws',
    'examples',
  ],
  'src/information': [
    'interpret',
    'inference',
    'bayesian-network',
    'compile',
    'language-model',
    'report',
    'cli',
    'laws',
    'examples',
  ],
  'src/inference': ['compile', 'language-model', 'bayesian-network', 'report', 'cli', 'laws', 'examples'],
  'src/bayesian-network': ['compile', 'language-model', 'report', 'cli', 'laws', 'examples'],
  'src/compile': ['language-model', 'workers', 'report', 'cli', 'laws', 'examples'],
  'src/language-model': ['workers', 'report', 'cli', 'laws', 'examples'],
  'src/workers': ['interpret', 'inference', 'bayesian-network', 'category', 'report', 'cli', 'laws', 'examples'],
  'src/report': ['workers', 'cli', 'laws', 'examples'],
  // The command line alone runs an example: the specification that a newcomer reads is the one that is analysed.
  'src/cli': ['bench', 'test'],
}
const dependencyRule = Object.entries(above).map(([place, folders]) => ({
  files: [`${place}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\.\\.?/(?:.*/)?(?:${folders.join('|')})(?:/|\\.js$)`,
            message: `${place} must not import from there: dsl <- src/category <- src/compile <- src/language-model <- src/report, src/cli; laws sees dsl and src/category.`,
          },
        ],
      },
    ],
  },
}))

export default tseslint.config(
  { ignores: ['dist/', 'dist-bench/', 'gallery/', 'report/', 'coverage/', 'node_modules/', 'docs/api/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Flat numeric arrays are indexed inside loops whose bounds are the array's own length.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  ...dependencyRule,
  // What these tools load must be a default export.
  { files: ['*.config.ts', '*.config.js', 'test/support/build.ts'], rules: { 'no-restricted-exports': 'off' } },
)
