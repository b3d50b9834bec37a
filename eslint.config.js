import eslint from '@eslint/js'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

// The dependency rule of the house, one direction only: a folder may import from the folders listed for it, never back.
const zone = (target, from, except = []) => ({
  target,
  from,
  except,
  message: `${target} must not import from ${from}: dependencies run dsl <- src/category <- src/compile <- src/language-model <- src/report, src/cli; laws sees dsl and src/category.`,
})
const zones = [
  zone('./dsl', '.', ['./dsl', './node_modules']),
  zone('./laws', './src', ['./category']),
  zone('./laws', './examples'),
  zone('./src/linear-algebra', './src', ['./linear-algebra']),
  zone('./src/category', './src', ['./category']),
  zone('./src/interpret.ts', './src', ['./category', './interpret.ts']),
  zone('./src/information', './src', ['./information', './category', './linear-algebra']),
  zone('./src/compile', './src', ['./compile', './category', './interpret.ts', './information', './linear-algebra']),
  zone('./src/language-model', './src/report'),
  zone('./src/language-model', './src/cli'),
  zone('./src/report', './src/cli'),
  zone('./src', './laws', []),
  zone('./src', './bench', []),
  // Only the command line runs an example: the specification a newcomer reads is the one that is analysed.
  ...['category', 'compile', 'information', 'language-model', 'linear-algebra', 'report'].map((folder) =>
    zone(`./src/${folder}`, './examples'),
  ),
]

export default tseslint.config(
  { ignores: ['dist/', 'report/', 'coverage/', 'node_modules/', 'docs/api/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ alwaysTryTypes: false })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Flat numeric arrays are indexed inside loops whose bounds are the array's own length.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['*.config.ts', '*.config.js', 'test/support/build.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
)
