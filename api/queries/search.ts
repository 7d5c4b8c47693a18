import type { z } from 'zod';
import { searchAnswer, type SearchAnswer, type searchQuery } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';

/** Squads, components, services and projects by part of their id or name, best match first. */
export async function search(reader: Reader, query: z.output<typeof searchQuery>): Promise<SearchAnswer> {
  const results = await reader.select(
    searchAnswer.shape.results.element,
    `with things as (
       select 'squad' as type, SquadId as id, SquadName as name, TribeName as detail, x_IsCurrent as isCurrent from dim_squads
       where SquadId <> 'unallocated'
       union all
       select 'component', ComponentId, ComponentName, SystemName, x_IsCurrent from dim_components
       union all
       select distinct 'service', ServiceName, ServiceName, null, true from fct_chargeback where ServiceName is not null
       union all
       select 'project', SubAccountId, coalesce(SubAccountName, SubAccountId), ProviderName, true from dim_sub_accounts
       where SubAccountId is not null
     ), texts as (
       select *, lower(id) as lowerId, lower(coalesce(name, id)) as lowerName from things
     ), ranked as (
       select type, id, coalesce(name, id) as name, detail, isCurrent,
              case when lowerId = lower($q) or lowerName = lower($q) then 0
                   when starts_with(lowerId, lower($q)) or starts_with(lowerName, lower($q)) then 1
                   when contains(translate(' ' || lowerId || ' ' || lowerName, '-_/.', '    '), ' ' || lower($q)) then 2
                   else 3 end as closeness
       from texts where contains(lowerId, lower($q)) or contains(lowerName, lower($q))
     )
     select type, id, name, detail from ranked
     order by closeness, not isCurrent, length(name), array_position(['squad', 'component', 'service', 'project'], type), id
     limit $limit::bigint`,
    { q: query.q, limit: query.limit },
  );
  return { results };
}
