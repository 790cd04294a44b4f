import tseslint from 'typescript-eslint';

const namedExports = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Settings come from the configuration, which the composition root passes in.',
};
const noPool = {
  selector: "NewExpression:matches([callee.name='Pool'], [callee.property.name='Pool'])",
  message: 'The pool is passed in.',
};
const noClock = {
  selector:
    ":matches(NewExpression[callee.name='Date'][arguments.length=0], MemberExpression[object.name='Date'][property.name='now'])",
  message: 'The moment is passed in.',
};
const noChance = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message: 'Randomness is passed in, with its seed.',
};

export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.tidemark', 'coverage'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname ?? '.' } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Typed arrays and dense numeric loops: an index inside the loop's own bound cannot miss.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'no-restricted-syntax': ['error', namedExports],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'googleapis',
              message:
                'Import googleapis/build/src/apis/<api>: the bare import costs over a second and 150 MB at start.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['activities/**', 'sources/**', 'store/**', 'services/**', 'operations/**'],
    rules: { 'no-restricted-syntax': ['error', namedExports, noEnvironment, noPool] },
  },
  {
    files: ['analytics/**', 'contracts/**'],
    rules: { 'no-restricted-syntax': ['error', namedExports, noEnvironment, noClock, noChance] },
  },
  {
    files: ['sandbox/**'],
    rules: { 'no-restricted-syntax': ['error', namedExports, noEnvironment, noChance] },
  },
  {
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['cli/**', 'scripts/**', 'bench/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    ignores: ['cli/**', 'scripts/**', 'bench/**', 'test/**'],
    rules: { 'no-console': 'error' },
  },
);
