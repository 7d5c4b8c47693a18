import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../core/duckdb.ts';
import { orderRelations, referencesOf } from '../../model/graph.ts';
import { parseRelation, type Relation } from '../../model/relation.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const relation = (name: string, sql: string, header = ''): Relation =>
  parseRelation(`/model/marts/${name}.sql`, `-- grain: a\n-- key: a\n${header}${sql}`);
const order = async (...relations: Relation[]): Promise<string[]> =>
  (await orderRelations(database.connection, relations, new Set(['inp_a', 'inp_b']))).map(({ name }) => name);
const references = async (sql: string): Promise<string[]> =>
  (await referencesOf(database.connection, 'x.sql', sql)).references;

describe('the references of a statement', () => {
  test.each([
    ['a join', 'SELECT * FROM a JOIN b USING (k)', ['a', 'b']],
    [
      'a subquery in a condition',
      'SELECT * FROM a WHERE k IN (SELECT k FROM b WHERE EXISTS (SELECT 1 FROM c))',
      ['a', 'b', 'c'],
    ],
    ['a scalar subquery', 'SELECT (SELECT max(k) FROM b) FROM a', ['a', 'b']],
    ['a union', 'SELECT 1 FROM a UNION ALL (SELECT 1 FROM b EXCEPT SELECT 1 FROM c)', ['a', 'b', 'c']],
    ['a lambda', 'SELECT list_transform(l, lambda x: x + 1) FROM a', ['a']],
    ['an unnest', 'SELECT * FROM a, unnest(a.items) AS item', ['a']],
    [
      'a CTE, which is none itself',
      'WITH x AS (SELECT * FROM a), y AS (SELECT * FROM x JOIN b USING (k)) SELECT * FROM y',
      ['a', 'b'],
    ],
    ['a CTE inside a subquery', 'SELECT * FROM (WITH x AS (SELECT * FROM a) SELECT * FROM x)', ['a']],
    [
      'a recursive CTE',
      'WITH RECURSIVE x AS (SELECT 1 AS n FROM a UNION ALL SELECT n + 1 FROM x) SELECT * FROM x',
      ['a'],
    ],
    [
      'a name that is a CTE elsewhere only',
      'SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x) JOIN x ON true',
      ['x'],
    ],
  ])('include those of %s', async (_, sql, expected) => {
    expect(await references(sql)).toEqual(expected);
  });

  test('cannot be told where the SQL does not parse, or is more than one statement', async () => {
    await expect(references('SELEC 1')).rejects.toThrow('the SQL does not parse');
    await expect(references('SELECT 1; SELECT 2')).rejects.toThrow('exactly one SELECT');
    await expect(references('DROP TABLE a')).rejects.toThrow('x.sql');
  });
});

describe('the build order', () => {
  test('has every relation after all it reads', async () => {
    const built = await order(
      relation('c', 'SELECT * FROM b JOIN a USING (k)'),
      relation('b', 'SELECT * FROM a'),
      relation('a', 'SELECT * FROM inp_a'),
    );

    expect(built).toEqual(['a', 'b', 'c']);
  });

  test('has a computed relation where its dependencies put it', async () => {
    const computed = {
      name: 'b',
      grain: 'a',
      key: [],
      columns: 'k INTEGER',
      dependsOn: ['a'],
      compute: () => Promise.resolve(),
    };
    const relations = [relation('c', 'SELECT * FROM b'), computed, relation('a', 'SELECT * FROM inp_a')];

    const built = await orderRelations(database.connection, relations, new Set(['inp_a']));

    expect(built.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('fails on a reference to nothing, naming the file', async () => {
    await expect(order(relation('a', 'SELECT * FROM stg_chargse'))).rejects.toThrow(
      /"stg_chargse" is neither a model file nor an input table\n {2}on: \/model\/marts\/a.sql/,
    );
  });

  test('fails on a circle, naming the loop', async () => {
    const circle = [
      relation('a', 'SELECT * FROM b'),
      relation('b', 'SELECT * FROM c'),
      relation('c', 'SELECT * FROM a'),
    ];

    await expect(order(...circle)).rejects.toThrow('a -> b -> c -> a');
  });

  test('fails on two files of one name', async () => {
    await expect(order(relation('a', 'SELECT 1'), relation('a', 'SELECT 2'))).rejects.toThrow('"a" is also defined by');
  });

  test('fails on a CTE that takes a relation’s or an input’s name', async () => {
    await expect(
      order(relation('a', 'SELECT 1'), relation('b', 'WITH a AS (SELECT 2) SELECT * FROM a')),
    ).rejects.toThrow('the CTE "a" takes the name of another relation');
    await expect(order(relation('b', 'WITH inp_a AS (SELECT 2) SELECT * FROM inp_a'))).rejects.toThrow(
      'the CTE "inp_a"',
    );
  });

  test('fails on a reconciliation with nothing', async () => {
    const lonely = relation('a', 'SELECT * FROM inp_a', '-- reconciles-with: fct_b by k on c\n');

    await expect(order(lonely)).rejects.toThrow('reconciles-with names "fct_b", which is no relation');
  });
});
