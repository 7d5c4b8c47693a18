import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';

const COSTS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'] as const;

interface Priced {
  id: string;
  month: string;
  /** In 10^-18 units, one for each cost column. */
  costs: bigint[];
}

const exact = (units: bigint): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(19, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -18)}.${digits.slice(-18)}`;
};
const nanos = (text: unknown): bigint => BigInt(String(text).replace('.', ''));
const halfAwayFromZero = (units: bigint): bigint => {
  const size = (units < 0n ? -units : units) + 500_000_000n;
  return (units < 0n ? -1n : 1n) * (size / 1_000_000_000n);
};

const asRow = ({ id, month, costs }: Priced): GivenRow => ({
  x_ChargeId: id,
  BillingPeriodStart: month,
  BillingCurrency: 'USD',
  ...Object.fromEntries(COSTS.map((column, index) => [column, exact(costs[index]!)])),
});

async function rounded(charges: Priced[], google: GivenRow[] = []): Promise<Map<string, Record<string, unknown>>> {
  const rows = await given('stg_rounded_charges', {
    stg_focus__charges: charges.filter((_, index) => index % 2 === 0).map(asRow),
    stg_gcp_focus__charges: charges.filter((_, index) => index % 2 === 1).map(asRow),
    stg_gcp_billing__charges: google,
  });
  return new Map(rows.map((row) => [String(row['x_ChargeId']), row]));
}

const priced = fc
  .array(
    fc.tuple(
      fc.constantFrom('2026-01-01', '2026-02-01'),
      fc.array(fc.bigInt(-(10n ** 19n), 10n ** 19n), { minLength: 4, maxLength: 4 }),
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((rows): Priced[] => rows.map(([month, costs], index) => ({ id: `charge-${index}`, month, costs })));

describe('costs with more than 9 decimals', () => {
  test('sum to the exact total of the month, rounded once, in each column, and none moves by a whole unit', async () => {
    await fc.assert(
      fc.asyncProperty(priced, async (charges) => {
        const result = await rounded(charges);

        expect(result.size).toBe(charges.length);
        for (const [index, column] of COSTS.entries()) {
          for (const month of new Set(charges.map((charge) => charge.month))) {
            const own = charges.filter((charge) => charge.month === month);
            const total = own.reduce((sum, { costs }) => sum + costs[index]!, 0n);
            const got = own.reduce((sum, { id }) => sum + nanos(result.get(id)![column]), 0n);
            expect(got).toBe(halfAwayFromZero(total));
          }
          for (const { id, costs } of charges) {
            const moved = nanos(result.get(id)![column]) * 1_000_000_000n - costs[index]!;
            expect(moved < 1_000_000_000n && moved > -1_000_000_000n).toBe(true);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('are rounded alike whatever order they come in', async () => {
    await fc.assert(
      fc.asyncProperty(priced, async (charges) => {
        expect(await rounded(charges.toReversed())).toEqual(await rounded(charges));
      }),
      { numRuns: 8 },
    );
  });

  test('give the lost units to the largest remainders, ties in the order of their ids', async () => {
    const thirds = ['c', 'a', 'b'].map((id) => ({
      id,
      month: '2026-01-01',
      costs: Array(4).fill(333_333_333n) as bigint[],
    }));

    const result = await rounded(thirds);

    expect([...result].map(([id, row]) => `${id} ${row['BilledCost']}`).sort()).toEqual([
      'a 0.000000001',
      'b 0.000000000',
      'c 0.000000000',
    ]);
  });

  test('round a half by the sign of the whole month, charges without a remainder included', async () => {
    const half = [{ id: 'a', month: '2026-01-01', costs: Array(4).fill(500_000_000n) as bigint[] }];
    const google = (cost: string): GivenRow => ({
      BillingPeriodStart: '2026-01-01',
      BillingCurrency: 'USD',
      ListCost: cost,
      ContractedCost: cost,
      BilledCost: cost,
      EffectiveCost: cost,
    });

    expect((await rounded(half, [google('1')])).get('a')!['BilledCost']).toBe('0.000000001');
    expect((await rounded(half, [google('-1')])).get('a')!['BilledCost']).toBe('0.000000000');
  });

  test('stay apart by currency', async () => {
    const row = asRow({ id: 'a', month: '2026-01-01', costs: Array(4).fill(600_000_000n) as bigint[] });

    const rows = await given('stg_rounded_charges', {
      stg_focus__charges: [row, { ...row, x_ChargeId: 'b', BillingCurrency: 'EUR' }],
    });

    expect(rows.map((charge) => charge['BilledCost'])).toEqual(['0.000000001', '0.000000001']);
  });
});
