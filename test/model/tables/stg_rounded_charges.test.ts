import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';

const charge = (id: string, cost: string, more: GivenRow = {}): GivenRow => ({
  x_ChargeId: id,
  BillingPeriodStart: '2024-09-01',
  BillingCurrency: 'USD',
  ListCost: cost,
  ContractedCost: cost,
  BilledCost: cost,
  EffectiveCost: cost,
  ...more,
});

async function rounded(focus: GivenRow[], google: GivenRow[] = []): Promise<Record<string, string>> {
  const rows = await given('stg_rounded_charges', { stg_focus__charges: focus, stg_gcp_billing__charges: google });
  return Object.fromEntries(rows.map((row) => [String(row['x_ChargeId']), String(row['BilledCost'])]));
}

describe('costs finer than a nano-unit', () => {
  test('are cut, and the units of the exact total go to the largest remainders', async () => {
    const costs = await rounded([
      charge('a', '0.0000008004'),
      charge('b', '0.00000080035'),
      charge('c', '0.0000008003'),
    ]);

    expect(costs).toEqual({ a: '0.000000801', b: '0.000000800', c: '0.000000800' });
  });

  test('of equal remainders go to the first charge by its id, whatever the order of the rows', async () => {
    const charges = [charge('b', '0.0000000005'), charge('a', '0.0000000005')];

    expect(await rounded(charges)).toEqual({ a: '0.000000001', b: '0.000000000' });
    expect(await rounded(charges.toReversed())).toEqual({ a: '0.000000001', b: '0.000000000' });
  });

  test('below zero are cut downwards, so that a month half below zero rounds away from zero', async () => {
    expect(await rounded([charge('a', '-0.0000000005')])).toEqual({ a: '-0.000000001' });
  });

  test('are rounded by month and currency, since no sum crosses either', async () => {
    const costs = await rounded([
      charge('a', '0.0000000004'),
      charge('b', '0.0000000004', { BillingCurrency: 'SEK' }),
      charge('c', '0.0000000004', { BillingPeriodStart: '2024-10-01' }),
    ]);

    expect(costs).toEqual({ a: '0.000000000', b: '0.000000000', c: '0.000000000' });
  });

  test('share their month with Google’s charges, whose scale is coarser and must not round them beforehand', async () => {
    const google = [charge('g', '1.000000001')];

    const costs = await rounded(
      [charge('a', '0.0000000006'), charge('b', '0.0000000006'), charge('c', '0.0000000006')],
      google,
    );

    expect(costs).toEqual({ a: '0.000000001', b: '0.000000001', c: '0.000000000' });
  });

  test('of any month sum to the exact total, rounded once', async () => {
    const finest = fc.bigInt({ min: -3_000_000_000_000_000_000n, max: 3_000_000_000_000_000_000n });
    await fc.assert(
      fc.asyncProperty(fc.array(finest, { minLength: 1, maxLength: 12 }), async (amounts) => {
        const costs = await rounded(amounts.map((amount, index) => charge(`id-${index}`, atScale(amount, 18))));

        const exact = amounts.reduce((sum, amount) => sum + amount, 0n);
        const total = Object.values(costs).reduce((sum, cost) => sum + BigInt(cost.replace('.', '')), 0n);
        expect(total).toBe(halfAwayFromZero(exact, 1_000_000_000n));
      }),
      { numRuns: 15 },
    );
  });
});

function atScale(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function halfAwayFromZero(value: bigint, unit: bigint): bigint {
  const magnitude = ((value < 0n ? -value : value) + unit / 2n) / unit;
  return value < 0n ? -magnitude : magnitude;
}
