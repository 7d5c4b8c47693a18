import { z } from 'zod';
import {
  count,
  squad,
  UNALLOCATED,
  type SquadAnswer,
  type SquadsAnswer,
  type squadQuery,
  type squadsQuery,
} from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import {
  CHANGE_COLUMNS,
  comparedRow,
  compareTotals,
  comparisonBound,
  comparisonColumns,
  comparisonConditions,
  monthComparison,
} from './comparison.ts';
import { pageOf } from './cursor.ts';
import { currencyOf, notFound, scopeFilters } from './filters.ts';

const SQUAD_COLUMNS =
  'SquadId, SquadName, TribeId, TribeName, CostCentre, x_MemberCount, x_ComponentCount, x_IsCurrent';
const OWNER_IDS = "list_transform(string_split(coalesce(x_Owners, ''), ', '), owner -> split_part(owner, '=', 1))";

/** Squads by id. */
export async function squads(reader: Reader, query: z.output<typeof squadsQuery>): Promise<SquadsAnswer> {
  const page = pageOf(reader.identity, 'squads', query);
  const conditions = [
    query.q ? '(contains(lower(SquadId), lower($q)) or contains(lower(SquadName), lower($q)))' : 'true',
    query.tribe ? 'TribeId = $tribe' : 'true',
  ].join(' and ');
  const rows = await reader.select(
    squad.extend({ matches: count }),
    `select ${SQUAD_COLUMNS}, count(*) over () as matches from dim_squads
     where SquadId <> 'unallocated' and ${conditions}
     order by SquadId limit $limit::bigint offset $offset::bigint`,
    {
      ...(query.q && { q: query.q }),
      ...(query.tribe && { tribe: query.tribe }),
      limit: page.limit,
      offset: page.offset,
    },
  );
  const total = rows[0]?.matches ?? 0;
  return { squads: rows.map(({ matches: _matches, ...row }) => row), count: total, nextCursor: page.next(total) };
}

const squadComponentRow = comparedRow.extend({
  ComponentId: z.string().nullable(),
  ComponentName: z.string().nullable(),
  x_ComponentType: z.string().nullable(),
  x_Lifecycle: z.string().nullable(),
  SystemId: z.string().nullable(),
  SystemName: z.string().nullable(),
  x_Owners: z.string().nullable(),
});

/** One squad with every component that it owns or was charged for. */
export async function squadById(reader: Reader, id: string, query: z.output<typeof squadQuery>): Promise<SquadAnswer> {
  const found = await findSquad(reader, id);
  const currency = currencyOf(reader.facts, query.currency);
  const ranges = monthComparison(reader, query.month);
  const head = { squad: found, BillingCurrency: currency, metric: query.metric };
  if (currency === null || ranges === null) return { ...head, ranges, total: null, components: [] };
  const comparison = { ranges, currency, metric: query.metric, filters: scopeFilters({ squad: id }) };
  const [total, components] = await Promise.all([
    compareTotals(reader, comparison),
    reader.select(
      squadComponentRow,
      `with charged as (
         select f.ComponentId, ${comparisonColumns(comparison, reader.facts.firstDay ?? '')}
         from ${reader.dailyCosts(['SquadId', 'ComponentId'])} f where ${comparisonConditions(comparison)} group by f.ComponentId
       ), owned as (
         select ComponentId, 0::decimal(38, 9) as current, ${ranges.previous.to > (reader.facts.firstDay ?? '') ? '0' : 'null'}::decimal(38, 9) as previous
         from dim_components
         where x_IsCurrent and list_contains(${OWNER_IDS}, $squad)
           and ComponentId not in (select ComponentId from charged where ComponentId is not null)
       ), compared as (
         select * from charged union all select * from owned
       )
       select c.ComponentId, d.ComponentName, d.x_ComponentType, d.x_Lifecycle, d.SystemId, d.SystemName, d.x_Owners,
              c.current, c.previous, ${CHANGE_COLUMNS}
       from compared c left join dim_components d on d.ComponentId = c.ComponentId
       order by c.current desc, c.previous desc, c.ComponentId`,
      comparisonBound(comparison),
    ),
  ]);
  return { ...head, ranges, total, components };
}

/** What no squad owns is asked for like a squad, also where the catalog has none of that name. */
const NO_SQUAD: z.output<typeof squad> = {
  SquadId: UNALLOCATED,
  SquadName: 'Unallocated',
  TribeId: null,
  TribeName: null,
  CostCentre: null,
  x_MemberCount: null,
  x_ComponentCount: 0,
  x_IsCurrent: true,
};

async function findSquad(reader: Reader, id: string): Promise<z.output<typeof squad>> {
  if (id === UNALLOCATED) return NO_SQUAD;
  const [found] = await reader.select(squad, `select ${SQUAD_COLUMNS} from dim_squads where SquadId = $id`, { id });
  if (found) return found;
  throw notFound(`there is no squad "${id}"`, 'list the squads at /api/v1/squads, or search at /api/v1/search?q=');
}
