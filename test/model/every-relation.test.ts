import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMPUTED_RELATIONS } from '../../model/computed-relations.ts';
import { readModel } from '../../model/graph.ts';
import { modelFolder } from './given.ts';

const { relations, checks } = readModel(modelFolder);
const names = [...relations, ...COMPUTED_RELATIONS].map(({ name }) => name).sort();

describe('every relation of the model', () => {
  test.each(names)('%s has a given/expect test of its own', (name) => {
    const path = join(import.meta.dirname, 'tables', `${name}.test.ts`);

    expect(existsSync(path), `write ${path}, with test/model/given.ts`).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`given\\(\\s*'${name}'`));
  });

  test.each(relations)('$name says in a sentence what one row is', ({ grain }) => {
    expect(grain.length).toBeGreaterThan(15);
  });

  test.each(relations.filter(({ layer }) => layer !== 'staging'))('$name keeps to a name of its layer', (relation) => {
    const prefix = relation.layer === 'intermediate' ? /^int_/ : /^(dim|fct|meta)_/;

    expect(relation.name).toMatch(prefix);
  });

  test('is checked by files that say what they look for', () => {
    for (const check of checks) expect(check.sql, check.path).toMatch(/^-- /);
  });
});
