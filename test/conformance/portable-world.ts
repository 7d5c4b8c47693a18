import fc from 'fast-check';
import type { CatalogLoad } from '../../core/catalog.ts';
import { parseConfig } from '../../core/config/load.ts';
import { inputRows } from '../../model/inputs/load.ts';
import type { Ground } from './portable-model.ts';

const CONFIG = `
sources:
  - { name: gcp, kind: gcp-billing-detailed, files: [./x.parquet] }
  - { name: other, kind: focus, files: [./x.csv] }
attribution:
  componentLabels: [component, app]
  squadLabels: [squad]
  tagNamespaces: ['1234']
  aliases:
    - { value: Old_Search, component: search, to: 2026-06-16 }
    - { value: crimson, squad: red }
  rules:
    - { when: { project: 'lake*', service: big* }, component: warehouse, from: 2026-06-01 }
    - { when: { label: { key: env, value: 'te_t*' } }, squad: blue }
    - { when: { source: other, chargeCategory: tax }, squad: green }
    - { when: { sku: '*core*', region: us-* }, component: search, from: 2026-07-01, to: 2026-07-02 }
drivers:
  - { name: kafka, files: [./kafka.csv] }
pools:
  - { name: support, of: { service: Support }, method: proportional, base: BilledCost }
  - { name: lake, of: { component: warehouse }, method: driver, driver: kafka, fallback: even, to: 2026-07-01 }
  - { name: cores, of: [{ sku: '*core*' }, { label: { key: env } }], method: fixed, shares: { 'squad:red': 1, 'component:search': 1.5, 'pool:lake': 0.5 } }
`;

const component = (id: string, owners: [string, string][], more: Partial<CatalogLoad['components'][number]> = {}) => ({
  ref: `component:default/${id}`,
  id,
  kind: 'Component' as const,
  title: id.toUpperCase(),
  type: 'service',
  lifecycle: null,
  systemId: 'sys',
  domainId: null,
  owners: owners.map(([squadId, share]) => ({ squadId, share })),
  labelValues: [],
  projects: [],
  ...more,
});

const squad = (id: string, more: Partial<CatalogLoad['squads'][number]> = {}) => ({
  ref: `group:default/${id}`,
  id,
  name: `Squad ${id}`,
  tribeId: 'tribe',
  tribeName: null,
  costCentre: id === 'blue' ? null : `CC-${id}`,
  memberCount: 5,
  labelValues: [],
  projects: [],
  folders: [],
  ...more,
});

function load(validFrom: string, components: CatalogLoad['components'], squads: CatalogLoad['squads']): CatalogLoad {
  return {
    version: 1,
    loadedAt: `${validFrom}T12:00:00Z`,
    validFrom,
    origin: 'catalog',
    sha256: validFrom,
    components,
    squads,
    systems: [{ id: 'sys', title: 'System', domainId: 'dom' }],
    domains: [{ id: 'dom', title: 'Domain' }],
  };
}

/** A catalog with joint owners that change, an owner that is no squad, a name claimed twice, a squad that leaves. */
const LOADS: CatalogLoad[] = [
  load(
    '2026-01-01',
    [
      component('search', [
        ['red', '0.333333333'],
        ['blue', '0.333333333'],
        ['green', '0.333333334'],
      ]),
      component('warehouse', [['blue', '1']], { projects: ['lake-prod'] }),
      component('orphan', [['user-x', '1']]),
      component('twin', [['red', '1']], { labelValues: ['shared-name'] }),
    ],
    [squad('red'), squad('blue', { labelValues: ['navy'] }), squad('green', { folders: ['folders/77'] })],
  ),
  load(
    '2026-06-16',
    [
      component('search', [
        ['blue', '0.6'],
        ['red', '0.4'],
      ]),
      component('warehouse', [['red', '1']], { projects: ['lake-prod'] }),
      component('orphan', [
        ['user-x', '0.5'],
        ['red', '0.5'],
      ]),
      component('other-twin', [['blue', '1']], { labelValues: ['shared-name'] }),
      component('twin', [['red', '1']], { labelValues: ['shared-name'] }),
    ],
    [squad('red', { costCentre: 'CC-new' }), squad('blue', { name: 'Blå' })],
  ),
];

const decimal = fc
  .oneof(fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), fc.constantFrom(0n, 1n, -1n, 5n, -5n, 10n ** 24n))
  .map((nanos) => {
    const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(10, '0');
    return `${nanos < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
  });

const KEYS_AND_VALUES: [string, string[]][] = [
  ['component', ['search', 'SEARCH', 'old.search', 'serch', 'orphan', 'twin', 'shared_name', 'nothing like it', ' ']],
  ['App', ['warehouse', 'search', 'blå']],
  ['squad', ['red', 'blue', 'navy', 'crimson', 'nobody']],
  ['env', ['test_1', 'tent', 'prod']],
  ['k8s-namespace', ['kube:unallocated', 'kube:system-overhead', 'goog-k8s-unknown', 'search']],
  ['folder', ['folders/77', 'folders/78']],
];

const label = fc.constantFrom(...KEYS_AND_VALUES).chain(([key, values]) =>
  fc.record({
    x_LabelScope: fc.constantFrom('label', 'label', 'tag', 'inherited-tag', 'project-label', 'folder'),
    x_LabelKey: fc.constant(key),
    x_LabelValue: fc.constantFrom(...values),
    x_LabelNamespace: fc.constantFrom(null, '1234', '9999'),
  }),
);

const labelSets = fc.array(fc.array(label, { maxLength: 4, size: 'max' }), {
  minLength: 1,
  maxLength: 24,
  size: 'max',
});

const charge = fc.record({
  x_SourceName: fc.constantFrom('gcp', 'other'),
  x_BatchId: fc.constantFrom('batch-1', 'batch-2'),
  BillingAccountId: fc.constantFrom(null, 'A', 'billingAccounts/A', 'B'),
  ProviderName: fc.constantFrom('Google Cloud', 'AWS'),
  BillingPeriodStart: fc.constantFrom('2026-05-01', '2026-06-01', '2026-07-01'),
  ChargePeriodStart: fc.constantFrom(
    '2026-05-31',
    '2026-06-01',
    '2026-06-15',
    '2026-06-16',
    '2026-06-30',
    '2026-07-01',
  ),
  ChargeCategory: fc.constantFrom('Usage', 'Usage', 'Purchase', 'Tax', 'Adjustment'),
  ChargeClass: fc.constantFrom(null, 'Correction'),
  SubAccountId: fc.constantFrom(null, 'lake-prod', 'LAKE_dev', 'shop-prod'),
  SubAccountName: fc.constantFrom(null, 'Shop', 'Lake'),
  ServiceName: fc.constantFrom('BigQuery', 'Compute Engine', 'Support'),
  SkuId: fc.constantFrom(null, '2E27-4F75-95CD', 'AAAA'),
  x_SkuDescription: fc.constantFrom(null, 'N1 Core', 'Analysis'),
  x_SkuGroup: fc.constantFrom('Compute', 'Storage'),
  RegionId: fc.constantFrom(null, 'us-east1', 'europe-north1'),
  ResourceId: fc.constantFrom(null, 'vm-1', 'vm-2'),
  PricingUnit: fc.constantFrom(null, 'hour'),
  BillingCurrency: fc.constantFrom('USD', 'USD', 'SEK'),
  labelSet: fc.nat({ max: 23 }),
  ListCost: decimal,
  ContractedCost: decimal,
  BilledCost: decimal,
  EffectiveCost: decimal,
  x_CreditAmount: decimal,
  PricingQuantity: decimal,
  x_ChargeCount: fc.integer({ min: 1, max: 900 }),
});

/** A label set whose squad contradicts its component, seldom drawn by chance and so in every company. */
const CONTRADICTION = [
  { x_LabelScope: 'label', x_LabelKey: 'component', x_LabelValue: 'warehouse', x_LabelNamespace: null },
  { x_LabelScope: 'label', x_LabelKey: 'squad', x_LabelValue: 'green', x_LabelNamespace: null },
];

/** What stands below the portable files in a generated company: its catalog and configuration are fixed, its charges are not. */
export const ground: fc.Arbitrary<Ground> = fc
  .tuple(labelSets, fc.array(charge, { minLength: 1, maxLength: 80, size: 'max' }))
  .map(([drawn, charges]) => {
    const sets = [CONTRADICTION, ...drawn];
    return {
      ...inputs(),
      stg_label_values: sets.flatMap((labels, set) =>
        labels.map((value, index) => ({ x_LabelSetId: `set-${set}`, x_LabelPosition: index + 1, ...value })),
      ),
      stg_charges: charges.map(({ labelSet, ...facts }, index) => ({
        ...facts,
        ...(index === 0 && { x_SourceName: 'gcp', SubAccountId: null, ChargePeriodStart: '2026-06-01' }),
        x_ChargeId: `charge-${index}`,
        x_ChargeMonth: `${facts.ChargePeriodStart.slice(0, 7)}-01`,
        x_LabelSetId: `set-${index === 0 ? 0 : labelSet % sets.length}`,
      })),
    };
  });

const DRIVER = { x_MeasureKind: 'driver', x_MeasureName: 'kafka' };
const METRIC = { x_MeasureKind: 'metric', x_MeasureName: 'dau' };
const monthOf = (month: string, next: string) => ({
  ...DRIVER,
  x_PeriodStart: `2026-${month}-01`,
  x_PeriodEnd: `2026-${next}-01`,
});
const dayOf = (day: string, next: string) => ({
  ...METRIC,
  x_PeriodStart: `2026-06-${day}`,
  x_PeriodEnd: `2026-06-${next}`,
});
const by = (consumer: string, scope = 'any') => ({
  x_Consumer: consumer,
  x_ConsumerScope: scope,
  x_ConsumerValue: consumer.toLowerCase(),
});

/** Consumers by component, squad and alias, one that changes its meaning, one of several, one unknown; a month and days missing. */
const MEASURE_VALUES: Ground[string] = [
  { ...monthOf('04', '05'), ...by('old-search'), x_Value: '12345678901234567890.123456789' },
  { ...monthOf('04', '05'), ...by('Navy', 'squad'), x_Value: '1' },
  { ...monthOf('06', '07'), ...by('old-search'), x_Value: '2.5' },
  { ...monthOf('06', '07'), ...by('shared-name'), x_Value: '0' },
  { ...monthOf('06', '07'), ...by('warehouse', 'component'), x_Value: '3' },
  { ...monthOf('06', '07'), ...by('nobody'), x_Value: '4' },
  { ...dayOf('01', '02'), x_Value: '-8.5' },
  { ...dayOf('05', '06'), x_Value: '9' },
  { ...dayOf('05', '06'), ...by('red', 'squad'), x_Value: '1' },
];

function inputs(): Ground {
  const config = parseConfig(CONFIG, '/company/worthwhile.yaml');
  const day = { x_ChargePeriodMin: '2026-05-31', x_ChargePeriodMax: '2026-07-01' };
  const moments = { x_ExportTimeMax: '2026-07-02 04:05:06.123456+00', x_PulledAt: '2026-07-03 00:00:00+00' };
  const pulled = { x_PulledAt: '2026-07-03 00:00:00+00' };
  const batch = { ...day, ...moments, x_RowCount: 10, x_IsMissing: false };
  return {
    ...inputRows({ config, batches: [], heads: [], loads: LOADS }),
    inp_batches: [
      { ...batch, x_SourceName: 'gcp', x_SourceKind: 'gcp-billing-detailed', x_Partition: 'a', x_BatchId: 'batch-1' },
      {
        ...batch,
        x_SourceName: 'other',
        x_SourceKind: 'focus',
        x_Partition: 'b',
        x_BatchId: 'batch-2',
        x_IsMissing: true,
      },
    ],
    inp_batch_sums: [
      {
        x_SourceName: 'gcp',
        x_BatchId: 'batch-1',
        BillingCurrency: 'USD',
        x_SumName: 'BilledCost',
        x_Sum: '12.000000001',
      },
      {
        x_SourceName: 'other',
        x_BatchId: 'batch-2',
        BillingCurrency: 'SEK',
        x_SumName: 'ListCost',
        x_Sum: '0.000000000000000001',
      },
    ],
    ...snapshots(),
    ...closes(),
    inp_runs: [
      {
        x_RunId: 'run-1',
        x_Command: 'run',
        x_Trigger: 'schedule',
        x_StartedAt: '2026-07-02 06:00:00.001+00',
        x_EndedAt: '2026-07-02 06:00:01.501+00',
        x_DurationMs: 1500,
        x_Outcome: 'done',
        x_ExitCode: 0,
        x_Generation: 6,
        x_IsPublished: true,
        x_SkippedCount: 0,
        x_WarningCount: 1,
      },
      { x_RunId: 'run-2', x_StartedAt: '2026-07-02 09:00:00+00', x_Outcome: 'interrupted', x_IsPublished: false },
    ],
    inp_run_sources: ['gcp', 'other'].map((x_SourceName, index) => ({
      x_RunId: 'run-1',
      x_SourceName,
      x_SourceKind: 'focus',
      x_RowCount: 10,
      x_ByteCount: 1000 + index,
      x_LandedPartitionCount: 1,
      x_ReplacedPartitionCount: index,
      x_UnchangedPartitionCount: 2,
      x_MissingPartitionCount: 0,
      x_QueryCount: 3 * index,
      x_BytesProcessed: '9007199254740993',
      x_BytesBilled: '10485760',
      x_PriceUsd: '0.000059605',
    })),
    inp_measures: [
      { ...DRIVER, x_Title: 'kafka', x_Format: 'number', x_PeriodUnit: 'month', ...pulled },
      { ...METRIC, x_Title: 'Daily users', x_Format: 'currency', x_PeriodUnit: 'day', ...pulled },
      { ...METRIC, x_MeasureName: 'empty', x_Title: 'Empty', x_Format: 'number', x_PeriodUnit: 'day', ...pulled },
    ],
    inp_measure_values: MEASURE_VALUES,
    inp_generation: [
      {
        x_Generation: 7,
        x_BuiltAt: '2026-07-03 01:02:03+00',
        x_Company: 'Company',
        x_DefaultCurrency: 'USD',
        x_Timezone: 'America/Los_Angeles',
        x_ModelHash: 'hash',
      },
    ],
  };
}

/** Two closed months: a line sealed in each, with a true-up that was sealed in the second; one for each sort of cause. */
function closes(): Ground {
  const costs = {
    ListCost: '3',
    ContractedCost: '2.5',
    BilledCost: '-2.000000001',
    EffectiveCost: '12345678901234567890.5',
  };
  const line = { BillingCurrency: 'USD', SquadId: 'red', SquadName: 'Red', ServiceName: 'Compute Engine', ...costs };
  const close = { x_CloseVersion: 1, x_ClosedAt: '2026-07-09 00:00:00.5+00', x_ClosedBy: 'Jo', x_Seal: 'ab12' };
  return {
    inp_closes: [
      { ...close, BillingPeriodStart: '2026-05-01', x_SealedGeneration: 3, x_HasOtherRows: true, x_Changed: 'pools' },
      { ...close, BillingPeriodStart: '2026-06-01', x_SealedGeneration: 5, x_HasOtherRows: true },
    ],
    inp_closed_chargeback: [
      { ...line, BillingPeriodStart: '2026-05-01', ChargeKind: 'Direct', x_ChargeCount: 3 },
      { ...line, BillingPeriodStart: '2026-06-01', ChargeKind: 'Direct', ComponentId: 'search', x_ChargeCount: 1 },
      { ...line, BillingPeriodStart: '2026-06-01', ChargeKind: 'TrueUp', x_ChargeCount: 0 },
    ],
    inp_closed_true_ups: [
      {
        ...line,
        BillingPeriodStart: '2026-06-01',
        x_TrueUpOf: '2026-05-01',
        x_TrueUpKind: 'Direct',
        x_Cause: 'restated',
      },
    ],
  };
}

/** Lists and what Cloud Billing says: an account in each state, projects on both sides and on one, prices of every kind. */
function snapshots(): Ground {
  const at = { x_FetchedAt: '2026-07-03 00:00:00.001+00' };
  const links = { x_FirstLinkedAt: '2026-06-01 00:00:00+00', x_LastLinkedAt: '2026-07-03 00:00:00.001+00' };
  const list = { x_PulledAt: '2026-07-03 00:00:00+00', x_RowCount: 10, x_IsMissing: false, x_IsNewest: true };
  const tier = { BillingCurrency: 'USD', x_TierStart: '0', x_AsOf: '2026-07-01 07:00:00.123456+00', PricingUnit: 'h' };
  const price = { ...tier, BillingAccountId: 'A', SkuId: 'AAAA', x_PriceKind: 'list', x_PriceQuantity: '1' };
  return {
    inp_snapshots: [
      { ...list, x_SourceName: 'prices', x_SourceKind: 'gcp-pricing', x_SnapshotTime: '2026-07-01 07:00:00.123456+00' },
      { ...list, x_SourceName: 'prices', x_SourceKind: 'gcp-pricing', x_IsNewest: false, x_IsMissing: true },
    ],
    inp_billing_accounts: [
      { ...at, BillingAccountId: 'A', x_BillingAccountName: 'Main', x_IsOpen: true, BillingCurrency: 'USD' },
      { ...at, BillingAccountId: 'B', x_BillingAccountName: 'Ödd', x_IsOpen: false, BillingCurrency: null },
      { ...at, BillingAccountId: 'C', x_BillingAccountName: '', x_IsOpen: true, BillingCurrency: 'SEK' },
    ],
    inp_linked_projects: [
      { ...links, BillingAccountId: 'A', SubAccountId: 'lake-prod', x_IsLinked: true, x_IsBillingEnabled: true },
      { ...links, BillingAccountId: 'B', SubAccountId: 'LAKE_dev', x_IsLinked: true, x_IsBillingEnabled: false },
      { ...links, BillingAccountId: 'A', SubAccountId: 'LAKE_dev', x_IsLinked: false, x_IsBillingEnabled: true },
      { ...links, BillingAccountId: 'C', SubAccountId: 'idle', x_IsLinked: true, x_IsBillingEnabled: true },
    ],
    stg_gcp_pricing__prices: [
      { ...price, x_UnitPrice: '0' },
      { ...price, x_TierStart: '1024.5', x_UnitPrice: '0.031611', x_UnitPriceUsd: '0.03', x_Regions: 'us-east1' },
      { ...price, x_PriceKind: 'contract', x_ConsumptionModelId: 'FLEX', x_UnitPrice: '0.000000001' },
    ],
    inp_catalog_prices: [
      { ...tier, SkuId: 'AAAA', x_UnitPrice: '2.933908', x_AsOf: '2026-06-01 00:00:00+00' },
      { ...tier, SkuId: 'BBBB', BillingCurrency: 'SEK', x_UnitPrice: '0', ServiceName: 'Compute Engine' },
    ],
  };
}
