import { WorthwhileError } from '../errors.ts';
import type { Config } from './schema.ts';

/** A pool's name may come again for other days; drivers that pools name have to be there. */
export function checkPools({ pools, drivers }: Pick<Config, 'pools' | 'drivers'>, path: string): void {
  const problem = (reason: string, fix: string): WorthwhileError =>
    new WorthwhileError('CONFIG_INVALID', reason, { on: path, fix });
  for (const [index, pool] of pools.entries()) {
    const earlier = pools.slice(0, index).filter(({ name }) => name === pool.name);
    if (earlier.some((other) => (other.from ?? '') < (pool.to ?? '9999') && (pool.from ?? '') < (other.to ?? '9999')))
      throw problem(
        `two pools are named "${pool.name}" on the same days`,
        'give them other names, or `from` and `to` that do not overlap',
      );
    if (pool.driver !== undefined && !drivers.some(({ name }) => name === pool.driver))
      throw problem(
        `pool "${pool.name}": there is no driver "${pool.driver}"`,
        'name one of `drivers`, or add it there',
      );
    if (pool.fallback === 'previous' && pool.method !== 'driver')
      throw problem(`pool "${pool.name}": fallback previous goes with method driver`, 'use fallback even or keep');
    for (const target of Object.keys(pool.shares ?? {}).filter((key) => key.startsWith('pool:')))
      if (!pools.some(({ name }) => `pool:${name}` === target))
        throw problem(`pool "${pool.name}": there is no ${target.replace(':', ' ')}`, 'name one of `pools`');
  }
}
