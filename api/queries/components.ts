import { z } from 'zod';
import {
  component,
  conflict,
  count,
  type ComponentAnswer,
  type ComponentsAnswer,
  type componentQuery,
  type componentsQuery,
} from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { addMonths } from './calendar.ts';
import {
  CHANGE_COLUMNS,
  comparedRow,
  compareTotals,
  comparisonBound,
  comparisonColumns,
  comparisonConditions,
  monthComparison,
  type Comparison,
} from './comparison.ts';
import { pageOf } from './cursor.ts';
import { currencyOf, metricColumn, notFound, scopeFilters } from './filters.ts';

const COMPONENTS = `select c.ComponentId, c.ComponentName, c.x_ComponentKind, c.x_ComponentType, c.x_Lifecycle, c.SystemId, c.SystemName,
    c.DomainId, c.DomainName, c.SquadId, s.SquadName, c.x_Owners, c.x_IsCurrent
  from dim_components c left join dim_squads s on s.SquadId = c.SquadId`;

/** Components by id. */
export async function components(reader: Reader, query: z.output<typeof componentsQuery>): Promise<ComponentsAnswer> {
  const page = pageOf(reader.identity, 'components', query);
  const conditions = [
    query.q ? '(contains(lower(ComponentId), lower($q)) or contains(lower(ComponentName), lower($q)))' : 'true',
    query.squad ? "contains(', ' || coalesce(x_Owners, SquadId || '='), ', ' || $squad || '=')" : 'true',
    query.system ? 'SystemId = $system' : 'true',
  ].join(' and ');
  const bound = Object.fromEntries(
    (['q', 'squad', 'system'] as const).flatMap((name) => (query[name] ? [[name, query[name]]] : [])),
  );
  const rows = await reader.select(
    component.extend({ matches: count }),
    `with found as (${COMPONENTS})
     select *, count(*) over () as matches from found where ${conditions}
     order by ComponentId limit $limit::bigint offset $offset::bigint`,
    { ...bound, limit: page.limit, offset: page.offset },
  );
  const total = rows[0]?.matches ?? 0;
  return { components: rows.map(({ matches: _matches, ...row }) => row), count: total, nextCursor: page.next(total) };
}

/** One component: owners, cost by squad, service and SKU, and where labels contradict its ownership. */
export async function componentById(
  reader: Reader,
  id: string,
  query: z.output<typeof componentQuery>,
): Promise<ComponentAnswer> {
  const [found] = await reader.select(component, `${COMPONENTS} where c.ComponentId = $id`, { id });
  if (!found)
    throw notFound(`there is no component "${id}"`, 'list them at /api/v1/components, or search at /api/v1/search?q=');
  const currency = currencyOf(reader.facts, query.currency);
  const ranges = monthComparison(reader, query.month);
  const owners = await ownersOf(reader, id);
  const head = { component: found, owners, BillingCurrency: currency, metric: query.metric };
  if (currency === null || ranges === null) {
    return { ...head, ranges, total: null, squads: [], services: [], skus: [], conflicts: [] };
  }
  const comparison = { ranges, currency, metric: query.metric, filters: scopeFilters({ component: id }) };
  const [total, parts, skus, conflicts] = await Promise.all([
    compareTotals(reader, comparison),
    partsOf(reader, comparison),
    bySku(reader, comparison, id),
    conflictsOf(reader, currency, id),
  ]);
  return { ...head, ranges, total, ...parts, skus, conflicts };
}

const ownerRow = z.object({ SquadId: z.string(), SquadName: z.string().nullable(), share: z.number() });

function ownersOf(reader: Reader, id: string): Promise<z.output<typeof ownerRow>[]> {
  return reader.select(
    ownerRow,
    `with owners as (
       select unnest(string_split(x_Owners, ', ')) as owner from dim_components where ComponentId = $id and coalesce(x_Owners, '') <> ''
     )
     select split_part(o.owner, '=', 1) as SquadId, s.SquadName, split_part(o.owner, '=', 2)::double as share
     from owners o left join dim_squads s on s.SquadId = split_part(o.owner, '=', 1)
     order by share desc, SquadId`,
    { id },
  );
}

const partRow = comparedRow.extend({
  SquadId: z.string().nullable(),
  SquadName: z.string().nullable(),
  ServiceName: z.string().nullable(),
});

/** Cost by squad and by service, from one pass over the component's charges. */
async function partsOf(reader: Reader, comparison: Comparison): Promise<Pick<ComponentAnswer, 'squads' | 'services'>> {
  const rows = await reader.select(
    partRow,
    `with charged as (
       select f.SquadId, f.ServiceName, ${comparisonColumns(comparison, reader.facts.firstDay ?? '')}
       from fct_cost_daily f where ${comparisonConditions(comparison)} group by grouping sets ((f.SquadId), (f.ServiceName))
     )
     select c.*, s.SquadName, ${CHANGE_COLUMNS} from charged c left join dim_squads s on s.SquadId = c.SquadId
     order by c.current desc, c.previous desc, c.SquadId, c.ServiceName`,
    comparisonBound(comparison),
  );
  return {
    squads: rows.flatMap(({ SquadId, ServiceName: _service, ...row }) =>
      SquadId === null ? [] : [{ SquadId, ...row }],
    ),
    services: rows.flatMap(({ ServiceName, SquadId: _squad, SquadName: _name, ...row }) =>
      ServiceName === null ? [] : [{ ServiceName, ...row }],
    ),
  };
}

const skuRow = comparedRow.extend({
  SkuId: z.string().nullable(),
  x_SkuDescription: z.string().nullable(),
  ServiceName: z.string(),
  PricingUnit: z.string().nullable(),
  PricingQuantity: z.string().nullable(),
});

function bySku(reader: Reader, { ranges, currency, metric }: Comparison, id: string): Promise<ComponentAnswer['skus']> {
  const column = `f.${metricColumn(metric)}`;
  const current = ranges.current.from.slice(0, 7);
  const previous = addMonths(current, -1);
  return reader.select(
    skuRow,
    `with charged as (
       select f.SkuId, f.x_SkuDescription, f.ServiceName, f.PricingUnit,
              coalesce(sum(${column}) filter (where f.x_ChargeMonth = $current::date), 0)::decimal(38, 9) as current,
              case when $isPreviousKnown then coalesce(sum(${column}) filter (where f.x_ChargeMonth = $previous::date), 0)::decimal(38, 9) end
                as previous,
              sum(f.PricingQuantity) filter (where f.x_ChargeMonth = $current::date) as PricingQuantity
       from fct_cost_monthly f
       where f.ComponentId = $component and f.BillingCurrency = $currency and f.x_ChargeMonth in ($current::date, $previous::date)
       group by all
     )
     select *, ${CHANGE_COLUMNS} from charged order by current desc, previous desc, ServiceName, SkuId limit 100`,
    {
      component: id,
      currency,
      current: `${current}-01`,
      previous: `${previous}-01`,
      isPreviousKnown: `${current}-01` > (reader.facts.firstDay ?? ''),
    },
  );
}

function conflictsOf(reader: Reader, currency: string, id: string): Promise<z.output<typeof conflict>[]> {
  return reader.select(
    conflict,
    `select strftime(BillingPeriodStart, '%Y-%m') as BillingPeriod, ComponentId, SquadId, x_LabelledSquadId,
            sum(BilledCost) as BilledCost, sum(EffectiveCost) as EffectiveCost
     from fct_ownership_conflicts where ComponentId = $component and BillingCurrency = $currency
     group by all order by BillingPeriod desc, abs(sum(BilledCost)) desc, SquadId, x_LabelledSquadId limit 100`,
    { component: id, currency },
  );
}
