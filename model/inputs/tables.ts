import { MEASURE_COLUMNS } from '../../core/measures.ts';

const COSTS =
  'ListCost DECIMAL(38,9), ContractedCost DECIMAL(38,9), BilledCost DECIMAL(38,9), EffectiveCost DECIMAL(38,9)';

/** The columns of fct_chargeback, in its order. */
export const CLOSED_CHARGEBACK = `BillingPeriodStart DATE, BillingCurrency VARCHAR, SquadId VARCHAR, SquadName VARCHAR, CostCentre VARCHAR,
  ComponentId VARCHAR, ServiceName VARCHAR, ChargeKind VARCHAR, ${COSTS}, x_ChargeCount BIGINT`;

/** The columns of fct_true_ups, in its order. */
export const CLOSED_TRUE_UPS = `BillingPeriodStart DATE, x_TrueUpOf DATE, BillingCurrency VARCHAR, SquadId VARCHAR, SquadName VARCHAR,
  CostCentre VARCHAR, ComponentId VARCHAR, ServiceName VARCHAR, x_TrueUpKind VARCHAR, ${COSTS}, x_Cause VARCHAR, x_Changed VARCHAR`;

/**
 * The tables that exist before any SQL of the model runs, with their columns as DuckDB declares them.
 * Days are half-open ranges from `ValidFrom` to `ValidTo`; 1900-01-01 and 2999-12-31 stand for no bound.
 */
export const inputTables = {
  /** One row: a batch of charges in the lake that a source's heads point to. */
  inp_batches: `x_SourceName VARCHAR, x_SourceKind VARCHAR, x_Partition VARCHAR, x_BatchId VARCHAR, x_RowCount BIGINT,
    x_ExportTimeMax TIMESTAMPTZ, x_ChargePeriodMin DATE, x_ChargePeriodMax DATE, x_PulledAt TIMESTAMPTZ, x_IsMissing BOOLEAN`,
  /** One row: a batch's own sum of one money column in one currency. */
  inp_batch_sums: `x_SourceName VARCHAR, x_BatchId VARCHAR, BillingCurrency VARCHAR, x_SumName VARCHAR, x_Sum DECIMAL(38,18)`,
  /** One row: a batch of a list (prices, recommendations); `x_IsNewest`: of the list that counts. */
  inp_snapshots: `x_SourceName VARCHAR, x_SourceKind VARCHAR, x_Partition VARCHAR, x_BatchId VARCHAR, x_RowCount BIGINT,
    x_SnapshotTime TIMESTAMPTZ, x_PulledAt TIMESTAMPTZ, x_IsMissing BOOLEAN, x_IsNewest BOOLEAN`,
  /** One row: a configured billing account that Cloud Billing has answered for. */
  inp_billing_accounts: `BillingAccountId VARCHAR, x_BillingAccountName VARCHAR, x_IsOpen BOOLEAN, BillingCurrency VARCHAR,
    x_FetchedAt TIMESTAMPTZ`,
  /** One row: a project that is linked to a billing account or, not `x_IsLinked`, that a run found linked before. */
  inp_linked_projects: `BillingAccountId VARCHAR, SubAccountId VARCHAR, x_IsLinked BOOLEAN, x_IsBillingEnabled BOOLEAN,
    x_FirstLinkedAt TIMESTAMPTZ, x_LastLinkedAt TIMESTAMPTZ`,
  /** One row: a tier of a SKU's public list price, of one unit; only where no pricing export is configured. */
  inp_catalog_prices: `SkuId VARCHAR, BillingCurrency VARCHAR, x_SkuDescription VARCHAR, x_ServiceId VARCHAR, ServiceName VARCHAR,
    PricingUnit VARCHAR, x_PricingUnitDescription VARCHAR, x_GeoType VARCHAR, x_Regions VARCHAR, x_Taxonomy VARCHAR,
    x_TierStart DECIMAL(38,9), x_UnitPrice DECIMAL(38,9), x_AsOf TIMESTAMPTZ`,
  /** One row: a run of days over which the catalog had, or had not, any component or squad. */
  inp_catalog_states: `ValidFrom DATE, ValidTo DATE, x_IsEmpty BOOLEAN`,
  /** One row: a component as the catalog described it over a run of days. */
  inp_components: `ComponentId VARCHAR, ValidFrom DATE, ValidTo DATE, ComponentName VARCHAR, x_ComponentKind VARCHAR,
    x_ComponentType VARCHAR, x_Lifecycle VARCHAR, SystemId VARCHAR, SystemName VARCHAR, DomainId VARCHAR, DomainName VARCHAR`,
  /** One row: one owner of a component over a run of days; the shares of a component on a day sum to 1. */
  inp_component_owners: `ComponentId VARCHAR, ValidFrom DATE, ValidTo DATE, x_OwnerPosition BIGINT, SquadId VARCHAR,
    x_OwnerShare DECIMAL(38,9), x_OwnerShareText VARCHAR, x_IsSquad BOOLEAN`,
  /** One row: a squad as the catalog described it over a run of days. */
  inp_squads: `SquadId VARCHAR, ValidFrom DATE, ValidTo DATE, SquadName VARCHAR, TribeId VARCHAR, TribeName VARCHAR,
    CostCentre VARCHAR, x_MemberCount BIGINT`,
  /**
   * One row: what a value means over a run of days, by scope `component` or `squad` (label values in normal form), `sub-account`
   * or `folder` (lower case). Neither component nor squad: several claim it, so it means none of them.
   */
  inp_catalog_matches: `x_MatchScope VARCHAR, x_MatchValue VARCHAR, ValidFrom DATE, ValidTo DATE, ComponentId VARCHAR, SquadId VARCHAR`,
  /** One row: a configured alias of a label value, as {@link inp_catalog_matches}; it goes before the catalog. */
  inp_aliases: `x_MatchScope VARCHAR, x_MatchValue VARCHAR, ValidFrom DATE, ValidTo DATE, ComponentId VARCHAR, SquadId VARCHAR`,
  /** One row: a configured rule. Patterns are LIKE patterns in lower case with `_` written as `¦`; null asks nothing. */
  inp_rules: `x_RuleId BIGINT, x_RuleText VARCHAR, x_SourcePattern VARCHAR, x_SubAccountPattern VARCHAR, x_ServicePattern VARCHAR,
    x_SkuPattern VARCHAR, x_RegionPattern VARCHAR, x_ChargeCategoryPattern VARCHAR, x_LabelKey VARCHAR, x_LabelValuePattern VARCHAR,
    ComponentId VARCHAR, SquadId VARCHAR, ValidFrom DATE, ValidTo DATE`,
  /** One row: a step of attribution, in the configured order. */
  inp_steps: `x_AttributionStep VARCHAR, x_StepPosition BIGINT`,
  /** One row: a label key (lower case) that a step looks at, and whether its value names a component or a squad. */
  inp_label_keys: `x_AttributionStep VARCHAR, x_LabelScope VARCHAR, x_LabelKey VARCHAR, x_Target VARCHAR, x_KeyPosition BIGINT`,
  /** One row: a tag namespace that counts; `*` alone where all do. */
  inp_tag_namespaces: `x_LabelNamespace VARCHAR`,
  /** One row: a run of the workspace that has ended. No charge depends on it, so a run alone never makes a generation. */
  inp_runs: `x_RunId VARCHAR, x_Command VARCHAR, x_Trigger VARCHAR, x_StartedAt TIMESTAMPTZ, x_EndedAt TIMESTAMPTZ, x_DurationMs BIGINT,
    x_Outcome VARCHAR, x_ExitCode BIGINT, x_ErrorCode VARCHAR, x_ErrorReason VARCHAR, x_Generation BIGINT, x_IsPublished BOOLEAN,
    x_SkippedCount BIGINT, x_WarningCount BIGINT`,
  /** One row: a source that such a run looked at. */
  inp_run_sources: `x_RunId VARCHAR, x_SourceName VARCHAR, x_SourceKind VARCHAR, x_RowCount BIGINT, x_ByteCount BIGINT,
    x_LandedPartitionCount BIGINT, x_ReplacedPartitionCount BIGINT, x_UnchangedPartitionCount BIGINT, x_MissingPartitionCount BIGINT,
    x_QueryCount BIGINT, x_BytesProcessed BIGINT, x_BytesBilled BIGINT, x_PriceUsd DECIMAL(38,9)`,
  /** One row: a configured driver or metric that has landed. `x_PeriodUnit` is `day` or `month`. */
  inp_measures: `x_MeasureKind VARCHAR, x_MeasureName VARCHAR, x_Title VARCHAR, x_Format VARCHAR, x_PeriodUnit VARCHAR,
    x_PulledAt TIMESTAMPTZ`,
  /** One row: a value of a driver or metric in a period, with the columns that `core/measures.ts` describes. */
  inp_measure_values: `x_MeasureKind VARCHAR, x_MeasureName VARCHAR, ${MEASURE_COLUMNS}`,
  /**
   * One row: a closed billing month in the version that holds. Against when its true-ups were last sealed: `x_HasOtherRows`, it has
   * charges in other batches; `x_Changed`, what else differs (`catalog, pools`), null where nothing does.
   */
  inp_closes: `BillingPeriodStart DATE, x_CloseVersion BIGINT, x_ClosedAt TIMESTAMPTZ, x_ClosedBy VARCHAR, x_CloseReason VARCHAR,
    x_Seal VARCHAR, x_SealedGeneration BIGINT, x_HasOtherRows BOOLEAN, x_Changed VARCHAR`,
  /** One row: a row of fct_chargeback as it was sealed with such a month. */
  inp_closed_chargeback: CLOSED_CHARGEBACK,
  /** One row: a true-up of an earlier closed month (`x_TrueUpOf`) that was charged in such a month, and sealed with it. */
  inp_closed_true_ups: CLOSED_TRUE_UPS,
  /** One row: a configured pool over a run of days; a name may come again with other days. */
  inp_pools: `x_PoolEntry BIGINT, x_PoolId VARCHAR, x_PoolTitle VARCHAR, x_Method VARCHAR, x_DriverName VARCHAR, x_BaseColumn VARCHAR,
    x_Level VARCHAR, x_Fallback VARCHAR, ValidFrom DATE, ValidTo DATE`,
  /** One row: what falls into a pool, with patterns as in {@link inp_rules}; of several rows of a pool any may hold. */
  inp_pool_conditions: `x_PoolEntry BIGINT, x_ConditionId BIGINT, x_ComponentPattern VARCHAR, x_SquadPattern VARCHAR, x_SourcePattern VARCHAR,
    x_SubAccountPattern VARCHAR, x_ServicePattern VARCHAR, x_SkuPattern VARCHAR, x_RegionPattern VARCHAR, x_ChargeCategoryPattern VARCHAR,
    x_NamespacePattern VARCHAR, x_LabelKey VARCHAR, x_LabelValuePattern VARCHAR`,
  /**
   * One row: a name that a pool says something of. Roles: `share` (x_Weight of a fixed method), `include`, `exclude` (x_Target may be
   * a `*` pattern), `captures` (the pool takes all charges of that component or squad, so what would go to it goes to the pool).
   */
  inp_pool_targets: `x_PoolEntry BIGINT, x_Role VARCHAR, x_TargetKind VARCHAR, x_Target VARCHAR, x_Weight DECIMAL(38,9)`,
} as const satisfies Record<string, string>;

export type InputTable = keyof typeof inputTables;
export type InputRow = Record<string, string | number | boolean | null>;
export type InputRows = Record<InputTable, InputRow[]>;
