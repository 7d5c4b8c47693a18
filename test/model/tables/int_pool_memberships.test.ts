import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

const pool = (x_PoolEntry: number, x_PoolId: string, days: object = always) => ({ x_PoolEntry, x_PoolId, ...days });
const when = (x_PoolEntry: number, condition: object, x_ConditionId = 1) => ({
  x_PoolEntry,
  x_ConditionId,
  ...condition,
});

test('the first pool that takes a charge on a day has it, and a day without one has no row', async () => {
  const rows = await given('int_pool_memberships', {
    inp_pools: [
      pool(1, 'early', { ValidFrom: '2026-01-01', ValidTo: '2026-02-01' }),
      pool(2, 'late', { ValidFrom: '2026-01-15', ValidTo: '2026-03-01' }),
    ],
    inp_pool_conditions: [when(1, { x_ServicePattern: 'big%' }), when(2, { x_ServicePattern: 'bigquery' })],
    int_pool_subjects: [
      { x_PoolSubjectId: 1, x_PoolService: 'BigQuery' },
      { x_PoolSubjectId: 2, x_PoolService: 'Pub/Sub' },
    ],
  });

  expect(only(rows, 'x_PoolSubjectId', 'ValidFrom', 'ValidTo', 'x_PoolId')).toEqual([
    ['1', '2026-01-01', '2026-01-15', 'early'],
    ['1', '2026-01-15', '2026-02-01', 'early'],
    ['1', '2026-02-01', '2026-03-01', 'late'],
  ]);
});

test.each([
  [
    'component',
    { x_ComponentPattern: 'log-%' },
    { x_PoolComponent: 'log-archive' },
    { x_PoolComponent: 'blog-archive' },
  ],
  ['squad', { x_SquadPattern: 'a' }, { x_PoolSquad: 'A' }, { x_PoolSquad: 'b' }],
  ['source', { x_SourcePattern: 'gcp' }, { x_PoolSource: 'gcp' }, { x_PoolSource: 'aws' }],
  ['project', { x_SubAccountPattern: 'data¦%' }, { x_PoolSubAccount: 'data_lake' }, { x_PoolSubAccount: 'datax' }],
  [
    'SKU by name',
    { x_SkuPattern: '%egress%' },
    { x_PoolSkuDescription: 'Network Egress' },
    { x_PoolSkuDescription: 'Core' },
  ],
  ['SKU by id', { x_SkuPattern: 'abc' }, { x_PoolSku: 'ABC' }, { x_PoolSku: 'ABD' }],
  ['region', { x_RegionPattern: 'us-%' }, { x_PoolRegion: 'us-east1' }, { x_PoolRegion: null }],
  [
    'charge category',
    { x_ChargeCategoryPattern: 'tax' },
    { x_PoolChargeCategory: 'Tax' },
    { x_PoolChargeCategory: 'Usage' },
  ],
])('a pool may be told by %s', async (_, condition, inside, outside) => {
  const rows = await given('int_pool_memberships', {
    inp_pools: [pool(1, 'p')],
    inp_pool_conditions: [when(1, condition)],
    int_pool_subjects: [
      { x_PoolSubjectId: 1, ...inside },
      { x_PoolSubjectId: 2, ...outside },
    ],
  });

  expect(only(rows, 'x_PoolSubjectId', 'x_PoolId')).toEqual([['1', 'p']]);
});

test('a pool may be told by a label or a Kubernetes namespace, and of several conditions any will do', async () => {
  const rows = await given('int_pool_memberships', {
    inp_pools: [pool(1, 'idle'), pool(2, 'shared')],
    inp_pool_conditions: [
      when(1, { x_NamespacePattern: 'kube:unallocated' }),
      when(1, { x_NamespacePattern: 'kube:system-overhead' }, 2),
      when(2, { x_LabelKey: 'shared', x_LabelValuePattern: '%', x_ServicePattern: 'cloud sql' }),
    ],
    stg_label_values: [
      { x_LabelSetId: 'a', x_LabelScope: 'label', x_LabelKey: 'k8s-namespace', x_LabelValue: 'kube:unallocated' },
      { x_LabelSetId: 'b', x_LabelScope: 'label', x_LabelKey: 'k8s-namespace', x_LabelValue: 'kube:system-overhead' },
      { x_LabelSetId: 'c', x_LabelScope: 'label', x_LabelKey: 'shared', x_LabelValue: 'yes' },
      { x_LabelSetId: 'd', x_LabelScope: 'tag', x_LabelKey: 'shared', x_LabelValue: 'yes' },
    ],
    int_pool_subjects: ['a', 'b', 'c', 'd'].map((x_PoolLabelSet, index) => ({
      x_PoolSubjectId: index + 1,
      x_PoolLabelSet,
      x_PoolService: 'Cloud SQL',
    })),
  });

  expect(only(rows, 'x_PoolLabelSet', 'x_PoolId')).toEqual([
    ['a', 'idle'],
    ['b', 'idle'],
    ['c', 'shared'],
  ]);
});
