import { z } from 'zod';
import { compared, squad, UNALLOCATED, type OrganisationAnswer, type organisationQuery } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { addMonths, monthRange, type ComparedRanges } from './calendar.ts';
import {
  CHANGE_COLUMNS,
  comparedRow,
  comparisonBound,
  comparisonColumns,
  comparisonConditions,
  type Compared,
} from './comparison.ts';
import { currencyOf, scopeFilters } from './filters.ts';
import { ZERO } from './zero.ts';

/** `level` says what a row is about: a squad, a tribe, or everything. */
const orgRow = comparedRow.extend({
  level: z.enum(['squad', 'tribe', 'total']),
  ...squad.partial().shape,
  ...z.object({ SquadId: z.string().nullable(), SquadName: z.string().nullable() }).shape,
  x_ComponentCount: squad.shape.x_ComponentCount.nullable(),
  x_IsCurrent: z.boolean().nullable(),
});

const nothing: Compared = compared.parse({ current: ZERO, previous: null, change: null, ratio: null });

/** The organisation with the money of the last two full months. */
export async function organisation(
  reader: Reader,
  query: z.output<typeof organisationQuery>,
): Promise<OrganisationAnswer> {
  const currency = currencyOf(reader.facts, query.currency);
  const ranges = lastTwoMonths(reader.facts.lastFullMonth, reader.facts.firstDay);
  const comparison = { ranges, currency: currency ?? '', metric: query.metric, filters: scopeFilters({}) };
  const rows = await reader.select(
    orgRow,
    `with by_squad as (
       select f.SquadId, ${comparisonColumns(comparison, reader.facts.firstDay ?? '9999-12-31')}
       from ${reader.dailyCosts(['SquadId'])} f where ${comparisonConditions(comparison)} group by f.SquadId
     ), squads as (
       select coalesce(d.SquadId, b.SquadId) as SquadId, coalesce(d.SquadName, b.SquadId) as SquadName, d.TribeId, d.TribeName,
              d.CostCentre, d.x_MemberCount, coalesce(d.x_ComponentCount, 0) as x_ComponentCount,
              coalesce(d.x_IsCurrent, false) as x_IsCurrent,
              coalesce(b.current, 0)::decimal(38, 9) as current,
              case when $isPreviousKnown then coalesce(b.previous, 0)::decimal(38, 9) end as previous
       from dim_squads d full join by_squad b on b.SquadId = d.SquadId
     ), levels as (
       select 'squad' as level, * from squads
       union all by name
       select 'tribe' as level, TribeId, any_value(TribeName) as TribeName, sum(current) as current, sum(previous) as previous
       from squads where TribeId is not null group by TribeId
       union all by name
       select 'total' as level, coalesce(sum(current), 0)::decimal(38, 9) as current, sum(previous) as previous from squads
     )
     select *, ${CHANGE_COLUMNS} from levels order by current desc, previous desc, SquadId, TribeId`,
    { ...comparisonBound(comparison), isPreviousKnown: isPreviousKnown(ranges, reader.facts.firstDay) },
  );
  const everySquad = rows.filter((row) => row.level === 'squad');
  const squads = everySquad
    .filter((row) => row.SquadId !== UNALLOCATED && (row.x_IsCurrent || hasCost(row)))
    .map(toSquad);
  return {
    BillingCurrency: currency,
    metric: query.metric,
    currentMonth: reader.facts.lastFullMonth,
    previousMonth: isPreviousKnown(ranges, reader.facts.firstDay) ? ranges.previous.from.slice(0, 7) : null,
    tribes: rows
      .filter((row) => row.level === 'tribe')
      .map((row) => ({
        TribeId: row.TribeId!,
        TribeName: row.TribeName ?? row.TribeId!,
        cost: toCompared(row),
        squads: squads.filter((one) => one.TribeId === row.TribeId),
      })),
    squadsWithoutTribe: squads.filter((one) => one.TribeId === null),
    unallocated: toCompared(everySquad.find((row) => row.SquadId === UNALLOCATED) ?? nothing),
    total: toCompared(rows.find((row) => row.level === 'total') ?? nothing),
  };
}

/** Without a full month both ranges are empty, which answers zero and null. */
function lastTwoMonths(lastFullMonth: string | null, firstDay: string | null): ComparedRanges {
  const current = lastFullMonth ? monthRange(lastFullMonth) : { from: '1900-01-01', to: '1900-01-01' };
  const previous = lastFullMonth ? monthRange(addMonths(lastFullMonth, -1)) : current;
  return { current, previous, isPartial: false, isPreviousComplete: firstDay !== null && previous.from >= firstDay };
}

function isPreviousKnown(ranges: ComparedRanges, firstDay: string | null): boolean {
  return firstDay !== null && ranges.previous.to > firstDay;
}

function hasCost(row: Compared): boolean {
  return Number(row.current) !== 0 || Number(row.previous) !== 0;
}

function toCompared({ current, previous, change, ratio }: Compared): Compared {
  return { current, previous, change, ratio };
}

function toSquad(row: z.output<typeof orgRow>): z.output<typeof squad> & { cost: Compared } {
  return { ...squad.parse(row), cost: toCompared(row) };
}
