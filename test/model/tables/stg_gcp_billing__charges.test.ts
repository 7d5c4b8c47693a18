import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';

const BATCHES = [
  { x_BatchNumber: 0, x_SourceName: 'gcp', x_BatchId: 'batch-0' },
  { x_BatchNumber: 1, x_SourceName: 'gcp', x_BatchId: 'batch-1' },
];

const raw = (more: GivenRow): GivenRow => ({
  x_BatchNumber: 0,
  service: { id: '6F81-5844-456A', description: 'Compute Engine' },
  sku: { id: '2E27-4F75-95CD', description: 'N2 Instance Core running in EMEA' },
  usage_start_time: '2026-03-10T12:00:00Z',
  project: { id: 'shop-prod', name: 'Shop' },
  cost: '1',
  currency: 'USD',
  invoice: { month: '202603' },
  cost_type: 'regular',
  ...more,
});

async function staged(rows: GivenRow[], timezone?: string): Promise<Record<string, unknown>[]> {
  const charges = await given(
    'stg_gcp_billing__charges',
    { raw_gcp_billing: rows.map((row, x_FileRow) => ({ x_FileNumber: 0, x_FileRow, ...row })), raw_batches: BATCHES },
    timezone ? { timezone } : {},
  );
  return charges.sort((a, b) => (String(a['ChargePeriodStart']) < String(b['ChargePeriodStart']) ? -1 : 1));
}

describe('Google’s usage rows become charges', () => {
  test('in FOCUS terms', async () => {
    const [charge] = await staged([
      raw({
        billing_account_id: '010101-F0FFF0-61C528',
        resource: { name: 'vm-1', global_name: '//compute.googleapis.com/projects/shop-prod/instances/1' },
        location: { location: 'europe-west1-b', region: 'europe-west1', zone: 'europe-west1-b' },
        usage: { amount_in_pricing_units: 1.5, pricing_unit: 'hour' },
        cost_at_list: '1.2',
        credits: [{ amount: '-0.25', type: 'SUSTAINED_USAGE_DISCOUNT' }],
        consumption_model: { id: '7754-699E-0EBF' },
        subscription: { instance_id: 'sub-1' },
        transaction_type: 'GOOGLE',
      }),
    ]);

    expect(charge).toMatchObject({
      x_SourceName: 'gcp',
      x_BatchId: 'batch-0',
      ProviderName: 'Google Cloud',
      PublisherName: 'Google Cloud',
      BillingAccountId: '010101-F0FFF0-61C528',
      BillingPeriodStart: '2026-03-01',
      ChargePeriodStart: '2026-03-10',
      x_ChargeMonth: '2026-03-01',
      ChargeCategory: 'Usage',
      ChargeClass: null,
      SubAccountId: 'shop-prod',
      SubAccountName: 'Shop',
      ServiceName: 'Compute Engine',
      SkuId: '2E27-4F75-95CD',
      x_SkuGroup: 'Compute cores',
      RegionId: 'europe-west1',
      ResourceId: '//compute.googleapis.com/projects/shop-prod/instances/1',
      ResourceName: 'vm-1',
      PricingUnit: 'hour',
      x_ConsumptionModelId: '7754-699E-0EBF',
      CommitmentDiscountId: 'sub-1',
      ListCost: '1.200000000',
      ContractedCost: '1.000000000',
      BilledCost: '0.750000000',
      EffectiveCost: '0.750000000',
      x_CreditAmount: '-0.250000000',
      PricingQuantity: '1.500000000',
      x_ChargeCount: '1',
    });
    expect(charge!['x_ChargeId']).toMatch(/^[0-9a-f]{16}$/);
  });

  test('that count twins twice: rows that are equal in every column are two charges', async () => {
    expect(await staged([raw({ cost: '0.1' }), raw({ cost: '0.1' })])).toMatchObject([
      { BilledCost: '0.200000000', x_ChargeCount: '2' },
    ]);
  });

  test('of one day where only the hour differs', async () => {
    const hours = ['07', '15', '23'].map((hour) => raw({ usage_start_time: `2026-03-10T${hour}:00:00Z` }));

    expect(await staged(hours)).toMatchObject([{ ChargePeriodStart: '2026-03-10', BilledCost: '3.000000000' }]);
  });

  test('whose credits are added once each, and whose cost is not multiplied by their number', async () => {
    const credits = [{ amount: '-0.3' }, { amount: '-0.3' }, { amount: '-0.1' }];

    expect(await staged([raw({ credits }), raw({ credits: [] }), raw({ credits: null })])).toMatchObject([
      { ContractedCost: '3.000000000', x_CreditAmount: '-0.700000000', BilledCost: '2.300000000' },
    ]);
  });

  test('also where there is no project, no labels and no SKU', async () => {
    const support = raw({ project: null, sku: null, service: { id: 'S', description: 'Support' }, cost: '100' });
    const empty = raw({ project: { id: null }, cost: '50', cost_type: 'tax' });

    const charges = await staged([support, empty]);

    expect(charges).toHaveLength(2);
    expect(charges.map((charge) => charge['SubAccountId'])).toEqual([null, null]);
    expect(charges.map((charge) => charge['BilledCost']).sort()).toEqual(['100.000000000', '50.000000000']);
  });

  test('on the day of the billing clock, also on the days it is changed', async () => {
    const days = async (...times: string[]): Promise<unknown[]> =>
      (await staged(times.map((usage_start_time) => raw({ usage_start_time })))).map((c) => [
        c['ChargePeriodStart'],
        c['x_ChargeCount'],
      ]);

    expect(
      await days('2026-03-08T07:59:00Z', '2026-03-08T08:00:00Z', '2026-03-09T06:59:00Z', '2026-03-09T07:00:00Z'),
    ).toEqual([
      ['2026-03-07', '1'],
      ['2026-03-08', '2'],
      ['2026-03-09', '1'],
    ]);
    expect(
      await days('2026-11-01T06:59:00Z', '2026-11-01T07:00:00Z', '2026-11-02T07:59:00Z', '2026-11-02T08:00:00Z'),
    ).toEqual([
      ['2026-10-31', '1'],
      ['2026-11-01', '2'],
      ['2026-11-02', '1'],
    ]);
    expect(await staged([raw({ usage_start_time: '2026-03-10T02:00:00Z' })], 'UTC')).toMatchObject([
      { ChargePeriodStart: '2026-03-10' },
    ]);
    expect(await staged([raw({ usage_start_time: '2026-03-10T18:20:00Z' })], 'Asia/Kolkata')).toMatchObject([
      { ChargePeriodStart: '2026-03-10' },
    ]);
    expect(await staged([raw({ usage_start_time: '2026-03-10T18:40:00Z' })], 'Asia/Kolkata')).toMatchObject([
      { ChargePeriodStart: '2026-03-11' },
    ]);
  });

  test('in the month of the invoice they are on, whatever month they were used in', async () => {
    const late = raw({ usage_start_time: '2026-02-27T12:00:00Z', invoice: { month: '202603' } });
    const intime = raw({ usage_start_time: '2026-02-27T12:00:00Z', invoice: { month: '202602' } });

    expect((await staged([late, intime])).map((c) => c['BillingPeriodStart']).sort()).toEqual([
      '2026-02-01',
      '2026-03-01',
    ]);
  });

  test('that keep a correction apart from what it corrects, with its sign', async () => {
    const corrected = raw({
      cost: '-10',
      invoice: { month: '202604' },
      adjustment_info: { mode: 'COMPLETE_NEGATION' },
    });

    const charges = await staged([raw({ cost: '10' }), corrected]);

    expect(new Set(charges.map((c) => `${c['ChargeClass']} ${c['BilledCost']} ${c['ChargeCategory']}`))).toEqual(
      new Set(['null 10.000000000 Usage', 'Correction -10.000000000 Usage']),
    );
  });

  test.each([
    ['regular', 'N2 Instance Core', 'Usage'],
    ['regular', 'Commitment v1: Cpu in EMEA for 1 Year', 'Purchase'],
    ['regular', 'Committed Use Discount Fee: Compute flexible', 'Purchase'],
    ['tax', 'Tax', 'Tax'],
    ['adjustment', 'Goodwill', 'Adjustment'],
    ['rounding_error', 'Rounding error', 'Adjustment'],
  ])('of cost type %s and SKU "%s" in its category', async (cost_type, description, ChargeCategory) => {
    expect(await staged([raw({ cost_type, sku: { id: 'K', description } })])).toMatchObject([{ ChargeCategory }]);
  });

  test('with the list price where there is one, and else the cost', async () => {
    expect(await staged([raw({ cost: '1', cost_at_list: '3' }), raw({ cost: '1', cost_at_list: null })])).toMatchObject(
      [{ ListCost: '4.000000000' }],
    );
  });

  test('apart by label set, with every namespace of labels under its scope', async () => {
    const labelled = raw({
      labels: [{ key: 'component', value: 'cart' }],
      tags: [
        { key: 'env', value: 'prod', inherited: false, namespace: '123' },
        { key: 'org', value: 'x', inherited: true, namespace: '123' },
      ],
      project: {
        id: 'shop-prod',
        labels: [{ key: 'squad', value: 'checkout' }],
        ancestors: [
          { resource_name: 'projects/1', display_name: 'shop' },
          { resource_name: 'folders/7', display_name: 'Shops' },
          { resource_name: 'organizations/1', display_name: 'acme' },
        ],
      },
    });

    const charges = await staged([labelled, labelled, raw({})]);

    expect(charges).toHaveLength(2);
    expect(new Set(charges.map((c) => c['x_LabelSetId'])).size).toBe(2);
    expect(charges.find((c) => c['x_ChargeCount'] === '2')!['x_LabelSet']).toEqual([
      { scope: 'label', key: 'component', value: 'cart', namespace: null },
      { scope: 'tag', key: 'env', value: 'prod', namespace: '123' },
      { scope: 'inherited-tag', key: 'org', value: 'x', namespace: '123' },
      { scope: 'project-label', key: 'squad', value: 'checkout', namespace: null },
      { scope: 'folder', key: 'folder', value: 'folders/7', namespace: null },
    ]);
    expect(charges.find((c) => c['x_ChargeCount'] === '1')!['x_LabelSet']).toEqual([]);
  });

  test('of each batch apart, with ids that another build gives again', async () => {
    const rows = [raw({}), raw({ x_BatchNumber: 1 })];

    const once = await staged(rows);
    const again = await staged(rows.toReversed());

    expect(new Set(once.map((c) => c['x_ChargeId'])).size).toBe(2);
    expect(again.map((c) => c['x_ChargeId']).sort()).toEqual(once.map((c) => c['x_ChargeId']).sort());
  });

  test('of a reseller or marketplace vendor under the seller’s name', async () => {
    const sold = raw({ seller_name: 'Elastic', transaction_type: 'THIRD_PARTY_RESELLER' });

    expect(await staged([sold])).toMatchObject([{ ProviderName: 'Google Cloud', PublisherName: 'Elastic' }]);
  });

  test('that sum to their rows exactly, whatever the rows and their order', async () => {
    const nano = fc.integer({ min: -2_000_000_000, max: 2_000_000_000 });
    const decimal = (nanos: bigint): string =>
      `${nanos < 0n ? '-' : ''}${(nanos < 0n ? -nanos : nanos)
        .toString()
        .padStart(10, '0')
        .replace(/(\d{9})$/, '.$1')}`;
    const row = fc.record({
      cost: nano,
      credits: fc.array(nano, { maxLength: 3 }),
      project: fc.constantFrom(null, { id: null }, { id: 'a' }, { id: 'b', name: 'B' }),
      labels: fc.constantFrom(null, [], [{ key: 'k', value: 'v' }], [{ key: 'k', value: null }]),
      hour: fc.integer({ min: 0, max: 23 }),
      batch: fc.constantFrom(0, 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        const charges = await staged(
          rows.map(({ cost, credits, project, labels, hour, batch }) =>
            raw({
              project,
              labels,
              x_BatchNumber: batch,
              cost: decimal(BigInt(cost)),
              credits: credits.map((amount) => ({ amount: decimal(BigInt(amount)) })),
              usage_start_time: `2026-03-10T${String(hour).padStart(2, '0')}:00:00Z`,
            }),
          ),
        );
        const nanos = (column: string): bigint =>
          charges.reduce((sum, charge) => sum + BigInt(String(charge[column]).replace('.', '')), 0n);
        const cost = rows.reduce((sum, r) => sum + BigInt(r.cost), 0n);
        const credit = rows.flatMap((r) => r.credits).reduce((sum, amount) => sum + BigInt(amount), 0n);
        expect(nanos('ContractedCost')).toBe(cost);
        expect(nanos('x_CreditAmount')).toBe(credit);
        expect(nanos('BilledCost')).toBe(cost + credit);
        expect(charges.reduce((sum, c) => sum + Number(c['x_ChargeCount']), 0)).toBe(rows.length);
        expect(new Set(charges.map((c) => c['x_ChargeId'])).size).toBe(charges.length);
      }),
      { numRuns: 25 },
    );
  });
});
