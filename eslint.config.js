import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { readScriptsOfComponents } from './scripts/eslint/components.js'
import concord from './scripts/eslint/layering.js'

readScriptsOfComponents()

const typed = {
  parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'] },
}

export default defineConfig(
  globalIgnores(['dist', 'out', 'node_modules', 'test-results', 'native/build']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: typed,
    rules: {
      // A number or a boolean in a template string says what it says.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Arrow functions of one call are how a callback is passed on; what is called may return nothing.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Said by the shape that is implemented, or by habit; neither hides a mistake.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      // A row, a platform's value or another program's answer may hold less than its type promises.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Types here are shapes: what has a class's shape may stand where the class is named.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A leading underscore says: required by the shape, not used.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // noUncheckedIndexedAccess makes every index of an array `T | undefined`; the mark says: known to be in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Parts are object literals over a closure; none of their methods uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      // A count is a number from one database and a string from another, whatever the query says its type is.
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
    },
  },
  {
    files: ['**/*.vue'],
    extends: [vue.configs['flat/recommended']],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'no-undef': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.base],
    rules: {
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**', 'db/**'],
    plugins: { concord },
    rules: { 'concord/layering': 'error' },
  },
  {
    files: ['src/renderer/**'],
    ignores: ['src/renderer/api.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'window', property: 'concord', message: 'Ask through src/renderer/api.ts.' },
      ],
    },
  },
  {
    // Only vue-tsc knows the type of a component; to a .ts file that imports one it is of unknown type.
    files: ['src/renderer/main.ts'],
    rules: { '@typescript-eslint/no-unsafe-argument': 'off' },
  },
  {
    files: ['tests/**'],
    rules: {
      // What an asymmetric matcher, a parsed answer or a rejection is, the assertion says.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  prettier,
)
