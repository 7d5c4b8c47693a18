import type { PoolConfig } from '../../core/config/pools.ts';
import { likePattern, validity } from './attribution-rows.ts';
import { entityId } from './normal-form.ts';
import type { InputRow } from './tables.ts';

/** Rows of `inp_pools`; an entry is a pool's place in the configuration. */
export function poolRows(pools: PoolConfig[]): InputRow[] {
  return pools.map((pool, index) => ({
    x_PoolEntry: index + 1,
    x_PoolId: pool.name,
    x_PoolTitle: pool.title ?? pool.name,
    x_Method: pool.method,
    x_DriverName: pool.driver ?? null,
    x_BaseColumn: pool.base,
    x_Level: pool.level,
    x_Fallback: pool.fallback,
    ...validity(pool),
  }));
}

/** Rows of `inp_pool_conditions`. */
export function poolConditionRows(pools: PoolConfig[]): InputRow[] {
  return pools.flatMap((pool, index) =>
    pool.of.map((when, condition) => ({
      x_PoolEntry: index + 1,
      x_ConditionId: condition + 1,
      x_ComponentPattern: likePattern(when.component && entityPattern(when.component)),
      x_SquadPattern: likePattern(when.squad && entityPattern(when.squad)),
      x_SourcePattern: likePattern(when.source),
      x_SubAccountPattern: likePattern(when.project),
      x_ServicePattern: likePattern(when.service),
      x_SkuPattern: likePattern(when.sku),
      x_RegionPattern: likePattern(when.region),
      x_ChargeCategoryPattern: likePattern(when.chargeCategory),
      x_NamespacePattern: likePattern(when.namespace),
      x_LabelKey: when.label?.key.toLowerCase() ?? null,
      x_LabelValuePattern: likePattern(when.label?.value),
    })),
  );
}

/** Rows of `inp_pool_targets`. */
export function poolTargetRows(pools: PoolConfig[]): InputRow[] {
  return pools.flatMap((pool, index) => {
    const entry = { x_PoolEntry: index + 1 };
    const names = (role: string, of: string[] = []): InputRow[] =>
      of.map((name) => ({ ...entry, x_Role: role, x_TargetKind: null, x_Target: entityPattern(name), x_Weight: null }));
    const shares = Object.entries(pool.shares ?? {}).map(([key, weight]) => {
      const [, kind = 'squad', id = key] = /^(squad|component|pool):(.+)$/.exec(key) ?? [];
      const target = kind === 'pool' ? id : entityId(id);
      return { ...entry, x_Role: 'share', x_TargetKind: kind, x_Target: target, x_Weight: weight };
    });
    return [...shares, ...names('include', pool.include), ...names('exclude', pool.exclude), ...captured(pool, entry)];
  });
}

/** A pool of one whole component or squad stands in its place wherever it consumes something shared. */
function captured(pool: PoolConfig, entry: { x_PoolEntry: number }): InputRow[] {
  return pool.of.flatMap((when) => {
    const given = Object.entries(when).filter(([, value]) => value !== undefined);
    const [kind, value] = given[0]!;
    if (given.length > 1 || (kind !== 'component' && kind !== 'squad') || String(value).includes('*')) return [];
    return [{ ...entry, x_Role: 'captures', x_TargetKind: kind, x_Target: entityId(String(value)), x_Weight: null }];
  });
}

const entityPattern = (text: string): string => (text.includes('*') ? text : entityId(text));
