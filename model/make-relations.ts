import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName } from '../core/duckdb.ts';
import { WorthwhileError } from '../core/errors.ts';
import { runChecks } from './checks.ts';
import { referencesOf, type Check, type ModelRelation, type OrderedRelation } from './graph.ts';
import { partitionOf, type Phase, type Phases } from './months/phases.ts';
import { clustering, replaceMonths } from './months/replace-months.ts';
import { GENERATION } from './publish.ts';
import type { Relation } from './relation.ts';
import type { Stage } from './stages.ts';

/** A check that failed in a build which carried months over: they may be what is wrong. `message` names the check. */
export class MonthsDoNotFit extends Error {}

/**
 * Makes every relation and runs every check: first what is made month by month, for `months` alone (for all where null), then,
 * when marts hold all months again, what is made of the whole history. Returns how many checks held. Throws CHECK_FAILED, or
 * MonthsDoNotFit instead where months were carried over.
 */
export async function makeRelations(
  connection: DuckDBConnection,
  given: { ordered: OrderedRelation[]; phases: Phases; checks: Check[]; months: string[] | null },
  stage: Stage,
): Promise<number> {
  const { phases, months } = given;
  const relations = given.ordered.filter((relation) => !isCompacted(relation));
  const checks = await inPhase(connection, given.checks, phases);
  const make = async (phase: Phase[], from: number, to: number): Promise<number> => {
    const due = relations.filter(({ name }) => phase.includes(phases.phaseOf(name)));
    for (const [index, relation] of due.entries()) {
      const fraction = from + ((to - from) * index) / due.length;
      await stage(relation.name, fraction, () => materialize(connection, relation, months !== null));
    }
    const dueChecks = checks.filter((check) => phase.includes(check.phase));
    return stage(`checks of ${phase.at(-1)}`, to, () => runChecks(connection, due, dueChecks));
  };
  try {
    const ofMonths = await make(['input', 'month'], 0.5, 0.8);
    if (months) await stage('months', 0.85, () => replaceMonths(connection, relations.filter(isPartitioned), months));
    return ofMonths + (await make(['history'], 0.88, 0.95));
  } catch (error) {
    if (months && error instanceof WorthwhileError && error.code === 'CHECK_FAILED')
      throw new MonthsDoNotFit(error.reason.replace('; nothing was published', ''), { cause: error });
    throw error;
  }
}

export function isCompacted<Of extends ModelRelation>(relation: Of): relation is Of & Relation {
  return 'sql' in relation && relation.materialized === 'compacted';
}

function isPartitioned(relation: OrderedRelation): relation is OrderedRelation & Relation {
  return partitionOf(relation) !== null;
}

async function inPhase(
  connection: DuckDBConnection,
  checks: Check[],
  { phaseOfCheck }: Phases,
): Promise<(Check & { phase: Phase })[]> {
  const phased: (Check & { phase: Phase })[] = [];
  for (const check of checks) {
    const { references } = await referencesOf(connection, check.path, check.sql);
    phased.push({ ...check, phase: phaseOfCheck(references) });
  }
  return phased;
}

/**
 * Makes one relation: a view, a table of the work database, or for a mart a table of the generation; a partitioned mart of which
 * only some months are made (`isPartial`) stays in the work database until they go into the generation. Returns its rows, null for a view.
 */
async function materialize(
  connection: DuckDBConnection,
  relation: ModelRelation,
  isPartial: boolean,
): Promise<number | null> {
  const name = sqlName(relation.name);
  if (!('sql' in relation)) {
    await relation.compute(connection);
    return null;
  }
  if (relation.materialized === 'view') {
    await connection.run(`CREATE VIEW ${name} AS ${relation.sql}`);
    return null;
  }
  if (relation.layer === 'marts' && !(isPartial && relation.partitionedBy)) {
    await connection.run(`CREATE OR REPLACE TABLE ${GENERATION}.${name} AS ${relation.sql}\n${clustering(relation)}`);
    await connection.run(`CREATE VIEW ${name} AS SELECT * FROM ${GENERATION}.${name}`);
  } else {
    await connection.run(`CREATE TABLE ${name} AS ${relation.sql}`);
  }
  const [row] = await selectRows<{ rows: string }>(connection, `SELECT count(*) AS "rows" FROM ${name}`);
  return Number(row!.rows);
}
