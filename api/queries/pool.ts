import { z } from 'zod';
import {
  count,
  MOST_GIVERS,
  poolAnswer,
  poolWeightsAnswer,
  type PoolAnswer,
  type poolQuery,
  type PoolWeightsAnswer,
  type poolWeightsQuery,
} from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { pageOf } from './cursor.ts';
import { billingMonthOf, currencyOf, notFound } from './filters.ts';
import {
  gathered,
  inPoolMonth,
  movedCosts,
  NO_COSTS,
  part,
  POOL_COST_SUMS,
  poolBound,
  poolSummaries,
  poolTerms,
  type PoolMonth,
} from './pools.ts';

/** One pool in a billing month: givers, takers, and the pools that it feeds or is fed by. */
export async function poolById(reader: Reader, id: string, query: z.output<typeof poolQuery>): Promise<PoolAnswer> {
  const { month, currency } = await poolMonthOf(reader, id, query);
  const page = pageOf(reader.identity, `pool ${id}`, query);
  if (currency === null || month === null) {
    const [terms] = (
      await poolTerms(reader, { month: reader.facts.billingPeriods[0]?.month ?? '2000-01', pool: id })
    ).values();
    const nothing = { taken: NO_COSTS, passedOn: NO_COSTS, kept: NO_COSTS, x_TakerCount: 0, payers: [], fallbacks: [] };
    const pool = { ...terms!, ...nothing, x_IsUnnamedKept: false };
    const lists = { givers: [], takers: [], count: 0, nextCursor: null, runs: [], feeds: [], fedBy: [] };
    return { month, BillingCurrency: currency, pool, ...lists };
  }
  const of = { month, currency, pool: id };
  const [summaries, givers, takers, runs, hops] = await Promise.all([
    poolSummaries(reader, of),
    giversOf(reader, of),
    takersOf(reader, of, { by: query.by, limit: page.limit, offset: page.offset }),
    runsOf(reader, of),
    neighboursOf(reader, of),
  ]);
  const matches = takers[0]?.matches ?? 0;
  return {
    month,
    BillingCurrency: currency,
    pool: summaries[0]!,
    givers,
    takers: takers.map(({ matches: _matches, ...row }) => row),
    count: matches,
    nextCursor: page.next(matches),
    runs,
    ...hops,
  };
}

async function poolMonthOf(
  reader: Reader,
  id: string,
  query: { month?: string | undefined; currency?: string | undefined },
) {
  const [found] = await reader.select(
    z.object({ known: count }),
    'select count(*) as known from dim_pools where x_PoolId = $id',
    { id },
  );
  if (!found?.known) throw notFound(`there is no pool "${id}"`, 'list the pools at /api/v1/pools');
  return { month: billingMonthOf(reader.facts, query.month), currency: currencyOf(reader.facts, query.currency) };
}

const giver = poolAnswer.shape.givers.element;
const giverRow = giver.omit({ taken: true, passedOn: true, kept: true }).extend({ part, ...giver.shape.taken.shape });

async function giversOf(reader: Reader, of: PoolMonth): Promise<PoolAnswer['givers']> {
  const rows = await reader.select(
    giverRow,
    `with ${movedCosts(of)}, sums as (
       select SquadId, ComponentId, part, ${POOL_COST_SUMS} from moved group by all
     ), ranked as (
       select *, dense_rank() over (order by largest desc, SquadId, ComponentId) as position
       from (select *, max(abs(BilledCost)) over (partition by SquadId, ComponentId) as largest from sums)
     )
     select r.* exclude (position, largest), s.SquadName, c.ComponentName from ranked r
     left join dim_squads s on s.SquadId = r.SquadId left join dim_components c on c.ComponentId = r.ComponentId
     where r.position <= ${MOST_GIVERS} order by r.position, r.part`,
    poolBound(of),
  );
  const keyOf = (row: z.output<typeof giverRow>): string => JSON.stringify([row.SquadId, row.ComponentId]);
  return [...gathered(rows, keyOf).values()].map(({ row, moves }) => ({
    SquadId: row.SquadId,
    SquadName: row.SquadName,
    ComponentId: row.ComponentId,
    ComponentName: row.ComponentName,
    ...moves,
  }));
}

const takerRow = poolAnswer.shape.takers.element.extend({ matches: count });

function takersOf(
  reader: Reader,
  of: PoolMonth,
  { by, limit, offset }: { by: 'squad' | 'component'; limit: number; offset: number },
) {
  return reader.select(
    takerRow,
    `with taken as (
       select SquadId, ${by === 'component' ? 'ComponentId' : 'null::varchar as ComponentId'}, ${POOL_COST_SUMS}
       from fct_pool_charges where ${inPoolMonth(of)} and ChargeKind = 'SharedIn' group by all
     )
     select t.*, s.SquadName, c.ComponentName, count(*) over () as matches,
            t.BilledCost::double / nullif((sum(t.BilledCost) over ())::double, 0) as share
     from taken t left join dim_squads s on s.SquadId = t.SquadId left join dim_components c on c.ComponentId = t.ComponentId
     order by abs(t.BilledCost) desc, t.SquadId, t.ComponentId limit $limit::bigint offset $offset::bigint`,
    { ...poolBound(of), limit, offset },
  );
}

function runsOf(reader: Reader, of: PoolMonth): Promise<PoolAnswer['runs']> {
  return reader.select(
    poolAnswer.shape.runs.element,
    `select ValidFrom, ValidTo, max(x_DriverPeriodStart) as x_DriverPeriodStart, max(x_FallbackUsed) as x_FallbackUsed,
            count(*) filter (x_TargetKind <> 'kept') as x_TargetCount
     from fct_pool_shares where ${inPoolMonth(of)} group by ValidFrom, ValidTo order by ValidFrom`,
    poolBound(of),
  );
}

const neighbourRow = poolAnswer.shape.feeds.element.extend({ isFed: z.boolean() });

/** The pools that a pool feeds, and those that feed it. */
async function neighboursOf(reader: Reader, of: PoolMonth): Promise<Pick<PoolAnswer, 'feeds' | 'fedBy'>> {
  const rows = await reader.select(
    neighbourRow,
    `with hops as (
       select x_PoolId = $pool as isFed, case when x_PoolId = $pool then x_Target else x_PoolId end as neighbour, max(x_Ratio)::double as x_Ratio
       from fct_pool_shares
       where ${inPoolMonth({ month: of.month, currency: of.currency })} and x_TargetKind = 'pool' and (x_PoolId = $pool or x_Target = $pool)
       group by all
     )
     select h.neighbour as x_PoolId, coalesce(any_value(p.x_PoolTitle), h.neighbour) as x_PoolTitle, h.x_Ratio, h.isFed
     from hops h left join dim_pools p on p.x_PoolId = h.neighbour group by h.neighbour, h.x_Ratio, h.isFed
     order by h.x_Ratio desc, h.neighbour`,
    poolBound(of),
  );
  const side = (wanted: boolean) =>
    rows.filter(({ isFed }) => isFed === wanted).map(({ isFed: _isFed, ...row }) => row);
  return { feeds: side(true), fedBy: side(false) };
}

const weightRow = poolWeightsAnswer.shape.weights.element.extend({ matches: count });

/** What each target had of a pool, run of days by run of days. */
export async function poolWeights(
  reader: Reader,
  id: string,
  query: z.output<typeof poolWeightsQuery>,
): Promise<PoolWeightsAnswer> {
  const { month, currency } = await poolMonthOf(reader, id, query);
  const page = pageOf(reader.identity, `pool weights ${id}`, query);
  if (currency === null || month === null)
    return { month, BillingCurrency: currency, weights: [], count: 0, nextCursor: null };
  const of = { month, currency, pool: id };
  const rows = await reader.select(
    weightRow,
    `with titles as (select x_PoolId, any_value(x_PoolTitle) as x_PoolTitle from dim_pools group by all)
     select w.ValidFrom, w.ValidTo, w.x_TargetKind, w.x_Target, w.x_Method, w.x_DriverName, w.x_DriverPeriodStart, w.x_FallbackUsed,
            w.x_Weight, w.x_Ratio::double as x_Ratio, count(*) over () as matches,
            case w.x_TargetKind when 'squad' then s.SquadName when 'component' then c.ComponentName when 'pool' then p.x_PoolTitle end
              as x_TargetName
     from (select * from fct_pool_shares where ${inPoolMonth(of)}) w
     left join dim_squads s on w.x_TargetKind = 'squad' and s.SquadId = w.x_Target
     left join dim_components c on w.x_TargetKind = 'component' and c.ComponentId = w.x_Target
     left join titles p on w.x_TargetKind = 'pool' and p.x_PoolId = w.x_Target
     where ${query.day ? 'w.ValidFrom <= $day::date and $day::date < w.ValidTo' : 'true'}
     order by w.ValidFrom, w.x_Weight desc, w.x_TargetKind, w.x_Target limit $limit::bigint offset $offset::bigint`,
    { ...poolBound(of), ...(query.day && { day: query.day }), limit: page.limit, offset: page.offset },
  );
  const matches = rows[0]?.matches ?? 0;
  return {
    month,
    BillingCurrency: currency,
    weights: rows.map(({ matches: _matches, ...row }) => row),
    count: matches,
    nextCursor: page.next(matches),
  };
}
