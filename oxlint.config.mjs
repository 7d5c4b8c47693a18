const ROOMS = ['core', 'ingest', 'model', 'api', 'web', 'fixtures', 'cli', 'test'];

const DOORS = {
  core: 'core/ is the ground floor and imports no other room; pass what it needs as a value.',
  ingest: 'ingest/ hands over files in the lake: import core/ alone, and read the layout in core/lake.ts.',
  model:
    'model/ reads the lake through core/lake.ts and core/catalog.ts, and hands over relation names; import core/ alone.',
  api: 'api/ knows the names of the marts and nothing below them: import core/ and api/, and ask the published file by SQL.',
  web: 'web/ imports api/contract alone; everything else comes over HTTP.',
  fixtures: 'fixtures/ writes files as a provider would: import core/ alone.',
  cli: 'cli/ composes front doors (ingest/ingest.ts, model/build.ts, api/serve.ts, */commands.ts); never web/ or test/.',
};

const DUCKDB_DOOR = {
  name: '@duckdb/node-api',
  importNames: ['DuckDBInstance'],
  allowTypeImports: true,
  message: "Open databases by openDatabase of core/duckdb.ts: a second instance on one file drops the file's lock.",
};

const NO_MOCKS = { name: 'vitest', importNames: ['vi'], message: 'No module mocks and no fake timers: pass effects.' };

/** Google's client rounds what it reads, so BigQuery is reached in one place, which reads past it. */
const BIGQUERY_DOOR = {
  regex: '^@google-cloud/bigquery',
  message: 'Reach BigQuery through ingest/bigquery (query.ts, query-rows.ts), which keeps every digit and every guard.',
};

/** The client can switch billing off for a project, so one file holds it and calls nothing but what reads. */
const BILLING_DOOR = {
  regex: '^@google-cloud/billing',
  message: 'Reach Cloud Billing through ingest/cloud-billing (client.ts), which only reads.',
};

/** Which rooms each room may import besides itself. */
const ALLOWED = {
  core: [],
  ingest: ['core'],
  model: ['core'],
  api: ['core'],
  web: [],
  fixtures: ['core'],
  cli: ['core', 'ingest', 'model', 'api', 'fixtures'],
};

function walls(room, files = room === 'cli' ? ['cli.ts', 'cli/**'] : [`${room}/**`], open = null) {
  const closed = ROOMS.filter((other) => other !== room && !ALLOWED[room].includes(other));
  const patterns = closed
    .filter((other) => !(room === 'web' && other === 'api'))
    .map((other) => ({ regex: `^(\\.\\./)+${other}/`, message: DOORS[room] }));
  patterns.push(...[BIGQUERY_DOOR, BILLING_DOOR].filter((door) => door !== open));
  if (room === 'web') {
    // The pattern language has no negation: this is "api/ and then anything but contract/".
    patterns.push({ regex: '^(\\.\\./)+api/([^c]|c[^o]|co[^n]|con[^t]|[^/]+$)', message: DOORS.web });
    patterns.push({ regex: '^node:', message: 'web/ runs in a browser; there is no node: there.' });
    patterns.push({ regex: '^@duckdb/', message: DOORS.web });
  }
  return {
    files,
    rules: { 'eslint/no-restricted-imports': ['error', { paths: [DUCKDB_DOOR], patterns }] },
  };
}

export default {
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'react', 'jsx-a11y', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist/**', 'demo/**', 'data/**', 'test/googlesql/node_modules/**'],
  rules: {
    'import/no-cycle': 'error',
    'import/no-self-import': 'error',
    'import/no-default-export': 'error',
    'import/no-duplicates': 'error',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'eslint/eqeqeq': ['error', 'always', { null: 'ignore' }],
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    'eslint/no-console': 'error',
    'eslint/no-param-reassign': 'error',
    'eslint/max-params': ['error', { max: 5 }],
    'eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    'eslint/max-lines': ['error', { max: 400, skipBlankLines: true }],
    'eslint/no-shadow': 'off',
    'eslint/no-unmodified-loop-condition': 'off',
    'eslint/no-underscore-dangle': 'off',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'promise/no-return-wrap': 'error',
    'promise/always-return': 'off',
    'react/react-in-jsx-scope': 'off',
    'react/rules-of-hooks': 'error',
    'react/no-unstable-nested-components': ['error', { allowAsProps: true }],
    'react/style-prop-object': 'off',
    'react/purity': 'off',
    'react/refs': 'off',
    'react/set-state-in-effect': 'off',
    'react/exhaustive-effect-dependencies': 'off',
    // What a person meets is held by axe in test/e2e; these refuse patterns that ARIA's own guide recommends.
    'jsx-a11y/prefer-tag-over-role': 'off',
    'jsx-a11y/no-noninteractive-tabindex': 'off',
    'jsx-a11y/no-noninteractive-element-to-interactive-role': 'off',
    'jsx-a11y/no-noninteractive-element-interactions': 'off',
    'jsx-a11y/click-events-have-key-events': 'off',
    'jsx-a11y/control-has-associated-label': 'off',
    'eslint/no-new': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert'] }],
    'vitest/no-focused-tests': 'error',
    'vitest/no-standalone-expect': 'off',
    'vitest/no-identical-title': 'error',
    'vitest/require-mock-type-parameters': 'off',
    'vitest/require-to-throw-message': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'eslint/no-restricted-imports': ['error', { paths: [DUCKDB_DOOR] }],
  },
  overrides: [
    ...Object.keys(ALLOWED).map((room) => walls(room)),
    walls('ingest', ['ingest/bigquery/**'], BIGQUERY_DOOR),
    walls('ingest', ['ingest/cloud-billing/client.ts'], BILLING_DOOR),
    { files: ['core/duckdb.ts'], rules: { 'eslint/no-restricted-imports': 'off' } },
    { files: ['test/**'], rules: { 'eslint/no-restricted-imports': ['error', { paths: [DUCKDB_DOOR, NO_MOCKS] }] } },
    { files: ['test/bench/**', 'scripts/**', 'bin/**'], rules: { 'eslint/no-console': 'off' } },
    { files: ['test/**'], rules: { 'eslint/max-lines': ['error', { max: 700, skipBlankLines: true }] } },
    { files: ['fixtures/**'], rules: { 'eslint/max-params': ['error', { max: 6 }] } },
    { files: ['*.config.ts', '*.config.mjs'], rules: { 'import/no-default-export': 'off' } },
  ],
};
