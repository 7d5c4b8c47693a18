import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { openDatabase, sqlText } from '../../core/duckdb.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';
import { poolMarts } from './warehouse-pools.ts';

/**
 * One steady cost: `perDay` in each day of [from, to). Days run from 2026-07-01 to 2026-09-20, of which the last two are not
 * complete. Chargeback, coverage and the other marts are derived from these, so expected sums can be worked out by hand.
 */
export interface SteadyCost {
  squad: string;
  component: string | null;
  service: string;
  skuGroup: string;
  project: string | null;
  category: string;
  currency: string;
  perDay: string;
  from?: string;
  to?: string;
}

const line = (
  [squad, component, service, skuGroup, project]: [string, string | null, string, string, string | null],
  perDay: string,
  rest: Partial<SteadyCost> = {},
): SteadyCost => ({
  squad,
  component,
  service,
  skuGroup,
  project,
  category: 'Usage',
  currency: 'USD',
  perDay,
  ...rest,
});

export const COSTS: SteadyCost[] = [
  line(['search', 'search-api', 'Compute Engine', 'Compute', 'proj-a'], '10'),
  line(['search', 'search-api', 'Cloud Storage', 'Storage', 'proj-a'], '1.000000001'),
  line(['search', null, 'Cloud Logging', 'Logging', 'proj-a'], '0.5'),
  line(['sales/ads', 'sales/ads-server', 'BigQuery', 'Analysis', 'proj-b'], '4', { from: '2026-08-01' }),
  line(['playback', 'player', 'Compute Engine', 'Compute', 'proj-b'], '2', { to: '2026-09-01' }),
  line(['unallocated', null, 'Cloud SQL', 'Databases', 'proj-c'], '3'),
  line(['unallocated', 'orphan', 'Cloud SQL', 'Databases', 'proj-c'], '0.25'),
  line(['unallocated', null, 'Support', 'Support', null], '-0.1'),
  line(['search', null, 'Compute Engine', 'Tax', 'proj-a'], '7.77', {
    category: 'Tax',
    from: '2026-08-01',
    to: '2026-08-02',
  }),
  line(['search', 'search-api', 'Compute Engine', 'Compute', 'proj-a'], '5', {
    currency: 'EUR',
    from: '2026-08-01',
    to: '2026-08-11',
  }),
];

const FIRST_DAY = '2026-07-01';
const LAST_DAY = '2026-09-20';

/** Texts that break naive SQL, CSV or HTML. */
export const HOSTILE_NAME = `=HYPERLINK("http://x","'; drop table dim_squads; --")`;

export function temporaryWorkspace(): { workspace: Workspace; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'worthwhile-api-test-'));
  return { workspace: workspaceAt(root), remove: () => rmSync(root, { recursive: true, force: true }) };
}

export interface GenerationOptions {
  costs?: SteadyCost[];
  /** Statements run after the marts are there, to bend them. */
  after?: string[];
}

/** A mart that never finishes by itself; it stands for any question that takes too long. */
export const ENDLESS_FRESHNESS = [
  'alter table fct_freshness rename to freshness_rows',
  `create view fct_freshness as select * from freshness_rows
   where (select sum(a.i * b.i) from range(1000000000) a(i), range(1000000000) b(i)) > 0`,
];

/** Writes `gen-<number>.duckdb` with every published mart and points the workspace at it. */
export async function publishGeneration(
  workspace: Workspace,
  number: number,
  { costs = COSTS, after = [] }: GenerationOptions = {},
): Promise<void> {
  mkdirSync(workspace.warehouse, { recursive: true });
  const name = `gen-${number}.duckdb`;
  const path = join(workspace.warehouse, name);
  const database = await openDatabase({ path: `${path}.tmp`, threads: 1 });
  for (const sql of [...statements(number, costs), ...after]) await database.connection.run(sql);
  await database.connection.run('checkpoint');
  database.close();
  renameSync(`${path}.tmp`, path);
  writeFileAtomic(workspace.currentPointer, `${name}\n`);
}

const COST_COLUMNS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'];
const SUMS = COST_COLUMNS.map((column) => `sum(${column}) as ${column}`).join(', ');
const PERIOD = "cast(date_trunc('month', ChargePeriodStart) as date)";

function statements(number: number, costs: SteadyCost[]): string[] {
  const text = (value: string | null): string => (value === null ? 'null' : sqlText(value));
  const rows = costs.map(
    (cost) =>
      `(${[cost.squad, cost.component, cost.service, cost.skuGroup, cost.project, cost.category, cost.currency].map(text).join(', ')},
        ${cost.perDay}::decimal(38, 9), date ${sqlText(cost.from ?? FIRST_DAY)}, date ${sqlText(cost.to ?? '2026-09-21')})`,
  );
  return [
    `create table fct_cost_daily as
     with lines(SquadId, ComponentId, ServiceName, x_SkuGroup, SubAccountId, ChargeCategory, BillingCurrency, perDay, fromDay, toDay) as
       (values ${rows.length > 0 ? rows.join(', ') : "('', '', '', '', '', '', '', 0::decimal(38, 9), current_date, current_date)"})
     select cast(d.day as date) as ChargePeriodStart, BillingCurrency, SquadId, ComponentId, ServiceName, x_SkuGroup, SubAccountId, ChargeCategory,
            (perDay * 2)::decimal(38, 9) as ListCost, perDay as ContractedCost, perDay as BilledCost, perDay as EffectiveCost
     from lines, generate_series(timestamp '${FIRST_DAY}', timestamp '${LAST_DAY}', interval 1 day) as d(day)
     where d.day >= fromDay and d.day < toDay`,
    `create table fct_cost_monthly as
     select ${PERIOD} as x_ChargeMonth, ${PERIOD} as BillingPeriodStart, BillingCurrency, SquadId, ComponentId, ServiceName,
            'SKU-' || x_SkuGroup as SkuId, x_SkuGroup || ' in Iowa' as x_SkuDescription, x_SkuGroup, SubAccountId, 'us-central1' as RegionId,
            ChargeCategory, 'hour' as PricingUnit, ${SUMS}, sum(BilledCost * 3)::decimal(38, 9) as PricingQuantity
     from fct_cost_daily group by all`,
    `create table dim_squads as select * from (values
       ('search', ${sqlText(HOSTILE_NAME)}, 'discover', 'Discover', 'CC-1', 7, 1, true),
       ('sales/ads', 'Ads', 'revenue', 'Revenue', null, 5, 1, true),
       ('playback', 'Playback', null, null, '+CC-3', 4, 1, true),
       ('departed', 'Departed squad', 'discover', 'Discover', null, null, 0, false))
       as t(SquadId, SquadName, TribeId, TribeName, CostCentre, x_MemberCount, x_ComponentCount, x_IsCurrent)`,
    `create table dim_components as select * from (values
       ('search-api', 'Search API', 'Component', 'service', 'production', 'search-core', 'Search core', 'content', 'Content', 'search', 'search=0.6, playback=0.4', true),
       ('sales/ads-server', 'Ads server', 'Component', 'service', 'production', 'adtech', 'Ad tech', null, null, 'sales/ads', 'sales/ads=1', true),
       ('player', 'Player', 'Component', 'service', 'deprecated', null, null, null, null, 'playback', 'playback=1', true),
       ('idle-cache', 'Idle cache', 'Resource', 'cache', null, 'search-core', 'Search core', 'content', 'Content', 'search', 'search=1', true),
       ('orphan', 'Orphan', 'Component', 'service', null, null, null, null, null, null, null, true))
       as t(ComponentId, ComponentName, x_ComponentKind, x_ComponentType, x_Lifecycle, SystemId, SystemName, DomainId, DomainName,
            SquadId, x_Owners, x_IsCurrent)`,
    `create table dim_sub_accounts as select * from (values
       ('proj-a', 'Project A', 'Google Cloud'), ('proj-b', 'Project B', 'Google Cloud'), ('proj-c', null, 'Google Cloud'))
       as t(SubAccountId, SubAccountName, ProviderName)`,
    `create table fct_chargeback as
     select ${PERIOD} as BillingPeriodStart, BillingCurrency, SquadId, coalesce(any_value(d.SquadName), 'Unallocated') as SquadName, any_value(d.CostCentre) as CostCentre,
            ComponentId, ServiceName,
            case when SquadId = 'unallocated' then 'Unallocated' when ChargeCategory = 'Tax' then 'Tax' else 'Direct' end as ChargeKind,
            ${SUMS}, count(*) as x_ChargeCount
     from fct_cost_daily left join dim_squads d using (SquadId) group by all`,
    `create table fct_closes as select * from (values
       (date '2026-07-01', 2::bigint, timestamptz '2026-08-09 07:00:00.5+00', 'Jo', 'booked', '${'ab12'.repeat(16)}', 1::bigint))
       as t(BillingPeriodStart, x_CloseVersion, x_ClosedAt, x_ClosedBy, x_CloseReason, x_Seal, x_SealedGeneration)`,
    `create table fct_true_ups as select * from (values
       (date '2026-08-01', date '2026-07-01', 'USD', 'search', 'search-api', 'Direct', 5::decimal(38, 9), 'late rows', null),
       (date '2026-08-01', date '2026-07-01', 'USD', 'playback', 'player', 'SharedIn', 0.000000001::decimal(38, 9), 'late rows', null),
       (date '2026-08-01', date '2026-06-01', 'USD', 'playback', null, 'Direct', -2::decimal(38, 9), 'restated', 'catalog, pools'))
       as t(BillingPeriodStart, x_TrueUpOf, BillingCurrency, SquadId, ComponentId, x_TrueUpKind, BilledCost, x_Cause, x_Changed),
       lateral (select BilledCost as ListCost, BilledCost as ContractedCost, BilledCost as EffectiveCost, 'Compute Engine' as ServiceName)`,
    `create table fct_coverage as
     select ${PERIOD} as BillingPeriodStart, BillingCurrency,
            case when SquadId = 'unallocated' then 'unallocated' when ComponentId is null then 'project' else 'label' end as x_AttributionStep,
            case when SquadId <> 'unallocated' then null when SubAccountId is null then 'no-project' else 'no-labels' end as x_UnallocatedReason,
            sum(BilledCost) as BilledCost, sum(EffectiveCost) as EffectiveCost, sum(abs(BilledCost)) as x_AbsoluteBilledCost,
            count(*) as x_ChargeCount
     from fct_cost_daily group by all`,
    `create table fct_unallocated as
     select ${PERIOD} as BillingPeriodStart, BillingCurrency, case when SubAccountId is null then 'no-project' else 'no-labels' end as x_UnallocatedReason,
            null::varchar as x_LabelKey, null::varchar as x_LabelValue, SubAccountId, ServiceName,
            case when ComponentId is null then null else 'search-api' end as x_SuggestedComponentId, null::varchar as x_SuggestedSquadId,
            sum(BilledCost) as BilledCost, sum(EffectiveCost) as EffectiveCost, sum(abs(BilledCost)) as x_AbsoluteBilledCost,
            count(distinct SubAccountId) as x_ResourceCount, count(*) as x_ChargeCount
     from fct_cost_daily where SquadId = 'unallocated' group by all`,
    `create table fct_ownership_conflicts as select * from (values
       (date '2026-08-01', 'USD', 'search-api', 'search', 'playback', 12.5::decimal(38, 9), 12.5::decimal(38, 9)))
       as t(BillingPeriodStart, BillingCurrency, ComponentId, SquadId, x_LabelledSquadId, BilledCost, EffectiveCost)`,
    `create table fct_reconciliation as
     select 'chargeback = staging' as x_Reconciliation, BillingPeriodStart, BillingCurrency, 'BilledCost' as x_CostColumn,
            sum(BilledCost) as x_Expected, sum(BilledCost) as x_Actual, 0::decimal(38, 9) as x_Difference, true as x_Holds
     from fct_chargeback group by all`,
    `create table fct_freshness as select 'gcp' as x_SourceName, 'gcp-billing-detailed' as x_SourceKind, 3::bigint as x_BatchCount,
            123456::bigint as x_RowCount, timestamptz '2026-09-21 03:04:05+00' as x_ExportTimeMax, date '${LAST_DAY}' as x_LastChargeDay,
            timestamptz '2026-09-21 05:00:00+00' as x_LastPulledAt, 0::bigint as x_MissingPartitionCount`,
    `create table fct_snapshots as select 'prices' as x_SourceName, 'gcp-pricing' as x_SourceKind, 2::bigint as x_BatchCount,
            40::bigint as x_RowCount, timestamptz '2026-09-20 07:00:00.5+00' as x_SnapshotTime,
            timestamptz '2026-09-21 05:00:00+00' as x_LastPulledAt, 0::bigint as x_MissingPartitionCount`,
    `create table dim_sku as select * from (values
       ('K', 'USD', 'pricing-export', timestamptz '2026-09-20 07:00:00+00'),
       ('L', 'USD', 'pricing-export', timestamptz '2026-09-20 07:00:00+00'))
       as t(SkuId, BillingCurrency, x_PriceSource, x_AsOf)`,
    `create table dim_billing_accounts as select * from (values
       ('010101-F0FFF0-61C528', 'Main', true, 'USD', 'USD', true, 4, date '${FIRST_DAY}', date '${LAST_DAY}', timestamptz '2026-09-21 05:00:00.25+00'),
       ('020202-F0FFF0-61C528', 'Other', false, null, null, true, 0, null, null, timestamptz '2026-09-21 05:00:00+00'))
       as t(BillingAccountId, x_BillingAccountName, x_IsOpen, BillingCurrency, x_ChargedCurrencies, x_CurrencyMatches,
            x_LinkedProjectCount, x_FirstChargeDay, x_LastChargeDay, x_FetchedAt)`,
    `create table fct_project_coverage as
     select '010101-F0FFF0-61C528' as BillingAccountId, SubAccountId, x_ProjectStatus,
            case when x_ProjectStatus <> 'unlinked' then '010101-F0FFF0-61C528' end as x_LinkedBillingAccountId,
            timestamptz '2026-09-01 05:00:00+00' as x_FirstLinkedAt, timestamptz '2026-09-21 05:00:00+00' as x_LastLinkedAt,
            case when cost is not null then date '${FIRST_DAY}' end as x_FirstChargeDay, case when cost is not null then date '${LAST_DAY}' end as x_LastChargeDay,
            case when cost is not null then date '2026-09-01' end as x_LastBillingPeriod, case when cost is not null then 'USD' end as BillingCurrency,
            cost as BilledCost, cost as EffectiveCost
     from (values ('proj-a', 'covered', 5::decimal(38, 9)), ('proj-b', 'unlinked', 2::decimal(38, 9)), ('proj-c', 'new', 1::decimal(38, 9)),
                  ('proj-z', 'unlinked', 30::decimal(38, 9)), ('silent-2', 'missing', null), ('silent-1', 'missing', null))
       as t(SubAccountId, x_ProjectStatus, cost)`,
    `create table dim_measures as select * from (values
       ('driver', 'kafka-bytes', 'kafka-bytes', 'number', 'month', date '2026-07-01', date '2026-09-01', 40::bigint, 20::bigint, 1::bigint, 1::bigint),
       ('metric', 'dau', 'Daily active users', 'number', 'day', date '${FIRST_DAY}', date '${LAST_DAY}', 82::bigint, 0::bigint, 0::bigint, 0::bigint))
       as t(x_MeasureKind, x_MeasureName, x_Title, x_Format, x_PeriodUnit, x_FirstPeriod, x_LastPeriod, x_RowCount, x_ConsumerCount,
            x_MissingPeriodCount, x_UnknownConsumerCount), (select timestamptz '2026-09-21 05:00:00.5+00' as x_PulledAt)`,
    `create table fct_measure_gaps as select * from (values
       ('driver', 'kafka-bytes', 'unknown-consumer', date '2026-07-01', date '2026-10-01', 'ghost'),
       ('driver', 'kafka-bytes', 'missing-periods', date '2026-08-01', date '2026-09-01', null))
       as t(x_MeasureKind, x_MeasureName, x_GapKind, x_GapStart, x_GapEnd, x_Consumer)`,
    ...poolMarts(costs.length > 0),
    `create table meta_generation as select ${number}::bigint as x_Generation, timestamptz '2026-09-21 06:00:00.123+00' as x_BuiltAt,
            'Sample' as x_Company, 'USD' as x_DefaultCurrency, 'America/Los_Angeles' as x_Timezone, 'abc' as x_ModelHash,
            ${costs.length > 0 ? "date '2026-09-18'" : 'null::date'} as x_LastCompleteDay`,
  ];
}
