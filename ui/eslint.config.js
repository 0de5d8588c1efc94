import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const tauri = { group: ['@tauri-apps/*'], message: 'Only ipc/tauri.ts knows the shell.' };
const inside = { regex: 'features/[^/]+/.+', message: 'A feature imports another only through its index.ts.' };
const sibling = { regex: '^\\.\\./[a-z-]+/', message: 'A feature imports another only through its index.ts.' };
const above = { regex: '(features|app|desk)/|ipc/(?!generated)', message: 'A component knows nothing above it.' };

export default ts.config(
  { ignores: ['dist/', 'dist-mock/', 'node_modules/', 'src/ipc/generated/'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text only.' },
        { property: 'outerHTML', message: 'Text only.' },
        { property: 'insertAdjacentHTML', message: 'Text only.' },
      ],
      'no-restricted-imports': ['error', { patterns: [tauri] }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/no-inline-styles': 'error',
      'svelte/require-each-key': 'off',
      'svelte/no-useless-mustaches': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'svelte/prefer-svelte-reactivity': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: "SvelteAttribute[key.name='style']", message: 'The policy of the window refuses inline styles: use a class or the place attachment.' },
        { selector: 'SvelteStyleDirective', message: 'The policy of the window refuses inline styles: use a class or the place attachment.' },
      ],
    },
  },
  { files: ['src/ipc/tauri.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['src/features/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [tauri, inside, sibling] }] },
  },
  {
    files: ['src/components/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [tauri, above] }] },
  },
  { files: ['test/**', '*.config.*'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
);
