import { WorthwhileError } from '../../core/errors.ts';
import type { OrderedRelation } from '../graph.ts';

/**
 * `month`: what it says of a billing month follows from that month's charges and the inputs alone, so that it can be made for
 * some months and be carried over for the others. `history`: it reads published marts of all months, and is made last.
 * `input`: it reads inputs only.
 */
export type Phase = 'input' | 'month' | 'history';

export interface Phases {
  phaseOf: (name: string) => Phase;
  phaseOfCheck: (reads: string[]) => Phase;
  /** Every input table that the months' relations read, directly or through others. */
  inputsOfMonths: () => Set<string>;
}

/** Inputs that differ in every build; what a billing month holds must not depend on them. */
const VOLATILE_INPUTS = ['inp_generation'];

/**
 * Tells for each relation when it is made. While months are made a mart's name stands for the rows of these months, and
 * afterwards for all it holds; so what is made for months may read charges, inputs and partitioned marts, and what is made for
 * the whole history may read inputs and marts. Throws MODEL_INVALID naming the file that mixes the two.
 */
export function inPhases(relations: OrderedRelation[]): Phases {
  const phases = new Map<string, Phase>();
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  const phaseOf = (name: string): Phase => phases.get(name) ?? 'input';
  const isPartitioned = (name: string): boolean => partitionOf(byName.get(name)) !== null;
  const holdsSomeMonths = (name: string): boolean => phaseOf(name) === 'month' && !isPartitioned(name);
  for (const relation of relations) {
    const { reads } = relation;
    const isCompacted = 'sql' in relation && relation.materialized === 'compacted';
    const isOfMonths = isCompacted || isPartitioned(relation.name) || reads.some(holdsSomeMonths);
    const isMart = 'sql' in relation && relation.layer === 'marts';
    const forHistory = reads.find((name) => phaseOf(name) === 'history');
    if (isOfMonths && isMart && !isPartitioned(relation.name))
      throw readsSomeMonths(relation, reads.find(holdsSomeMonths)!);
    if (isOfMonths && forHistory) throw readsHistory(relation, forHistory);
    const volatile = isOfMonths && reads.find((name) => VOLATILE_INPUTS.includes(name));
    if (volatile) throw readsHistory(relation, volatile);
    const readsMarts = reads.some((name) => phaseOf(name) !== 'input');
    phases.set(relation.name, isOfMonths ? 'month' : readsMarts ? 'history' : 'input');
  }
  return {
    phaseOf,
    phaseOfCheck: (reads) =>
      reads.some(holdsSomeMonths) ? 'month' : reads.some((name) => phaseOf(name) !== 'input') ? 'history' : 'input',
    inputsOfMonths: () => {
      const read = new Set(relations.filter(({ name }) => phaseOf(name) === 'month').flatMap(({ reads }) => reads));
      for (const { name, reads } of relations.toReversed()) if (read.has(name)) for (const one of reads) read.add(one);
      return new Set([...read].filter((name) => !byName.has(name)));
    },
  };
}

/** The column a relation is partitioned by; null for one that is made whole. */
export function partitionOf(relation: OrderedRelation | undefined): string | null {
  return relation && 'sql' in relation ? relation.partitionedBy : null;
}

function readsSomeMonths(relation: OrderedRelation, read: string): WorthwhileError {
  return new WorthwhileError('MODEL_INVALID', `a mart that reads "${read}" is made month by month`, {
    on: placeOf(relation),
    fix: 'give it `-- partitioned-by: BillingPeriodStart` with that column in its key, or let it read partitioned marts instead',
  });
}

function readsHistory(relation: OrderedRelation, read: string): WorthwhileError {
  return new WorthwhileError(
    'MODEL_INVALID',
    `what is made month by month cannot read "${read}", which is of all months`,
    {
      on: placeOf(relation),
      fix: 'let it read charges, inputs and partitioned marts alone',
    },
  );
}

function placeOf(relation: OrderedRelation): string {
  return 'path' in relation ? relation.path : relation.name;
}
