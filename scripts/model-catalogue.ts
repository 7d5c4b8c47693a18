/** Writes docs/model.md from the headers of the model's SQL files. With --check: exit code 1 where it is out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readModel } from '../model/graph.ts';
import type { Relation } from '../model/relation.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'docs', 'model.md');
const { relations, checks } = readModel(join(root, 'model'));

const TITLES = {
  staging: 'Staging: every provider becomes FOCUS',
  intermediate: 'Intermediate: who carries what, and why',
  marts: 'Marts: what is published',
} as const;

const text = [
  '# The model',
  '',
  'Generated from the headers of the SQL files by `scripts/model-catalogue.ts`; do not edit. A `?` marks a key column that may be null.',
  ...Object.entries(TITLES).flatMap(([layer, title]) => [
    '',
    `## ${title}`,
    ...relations.filter((relation) => relation.layer === layer).flatMap(section),
  ]),
  '',
  '## Checks',
  '',
  'Each returns the rows that offend; a build that finds any publishes nothing.',
  '',
  ...checks.map(({ name, path, sql }) => `- [\`${name}\`](${link(path)}): ${firstComment(sql)}`),
  '',
].join('\n');

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('docs/model.md is out of date: run `npm run docs`');
  process.exitCode = 1;
}

function section(relation: Relation): string[] {
  const key = relation.key.map(({ name, nullable }) => `${name}${nullable ? '?' : ''}`).join(', ');
  const ties = relation.reconcilesWith.map(
    (tie) => `\`${tie.relation}\` by ${tie.by.join(', ')} on ${tie.on.join(', ')}`,
  );
  return [
    '',
    `### [\`${relation.name}\`](${link(relation.path)})`,
    '',
    `- One row: ${relation.grain}`,
    `- Key: ${key}`,
    ...(ties.length > 0 ? [`- Reconciles with: ${ties.join('; ')}`] : []),
    ...(relation.partitionedBy ? [`- Made anew by: ${relation.partitionedBy}`] : []),
  ];
}

function firstComment(sql: string): string {
  const lines = sql.split('\n');
  const comments = lines.slice(
    0,
    Math.max(
      0,
      lines.findIndex((line) => !line.startsWith('--')),
    ),
  );
  return comments.map((line) => line.replace(/^-- ?/, '')).join(' ');
}

function link(path: string): string {
  return `../${relative(root, path).split('\\').join('/')}`;
}
