import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { poolSummary, type PoolTerm } from '../../api/contract/index.ts';
import { configSchema } from '../../core/config/schema.ts';
import {
  daysInWords,
  fallbackInWords,
  methodInWords,
  POOL_EXAMPLE,
  remarksOn,
  validityInWords,
  weightTitle,
} from '../../web/pool-words.ts';

const driven: PoolTerm = {
  x_Method: 'driver',
  x_DriverName: 'kafka-bytes',
  x_DriverTitle: 'bytes written to Kafka',
  x_DriverPeriodUnit: 'month',
  x_BaseColumn: 'EffectiveCost',
  x_Level: 'squad',
  x_Fallback: 'keep',
  ValidFrom: null,
  ValidTo: null,
};
const even: PoolTerm = {
  ...driven,
  x_Method: 'even',
  x_DriverName: null,
  x_DriverTitle: null,
  x_DriverPeriodUnit: null,
};

describe('how a pool is passed on', () => {
  test.each<[Partial<PoolTerm>, string]>([
    [{}, 'by bytes written to Kafka, measured monthly'],
    [{ x_DriverPeriodUnit: 'day' }, 'by bytes written to Kafka, measured daily'],
    [{ x_DriverTitle: null, x_DriverPeriodUnit: null }, 'by kafka-bytes, of which nothing is measured yet'],
    [{ x_Method: 'proportional' }, 'in proportion to direct cost'],
    [
      { x_Method: 'proportional', x_BaseColumn: 'ListCost', x_Level: 'component' },
      'in proportion to direct cost at list prices of each component',
    ],
    [{ x_Method: 'even' }, 'the same for every squad'],
    [{ x_Method: 'fixed' }, 'by fixed shares'],
  ])('%o reads "%s"', (term, words) => {
    expect(methodInWords([{ ...driven, ...term }])).toBe(words);
  });

  test('one after the other where it was changed within the month', () => {
    const terms = [
      { ...even, ValidTo: '2026-08-16' },
      { ...driven, ValidFrom: '2026-08-16' },
    ];

    expect(methodInWords(terms)).toBe(
      'the same for every squad until Aug 15, 2026, then by bytes written to Kafka, measured monthly',
    );
    expect(weightTitle(terms)).toBe('Weight');
    expect(weightTitle([driven])).toBe('Bytes written to Kafka');
  });

  test('its first and last day, where it has them', () => {
    expect(validityInWords([driven])).toBeNull();
    expect(validityInWords([{ ...driven, ValidFrom: '2026-08-16' }])).toBe('since Aug 16, 2026');
    expect(validityInWords([{ ...driven, ValidFrom: '2026-08-16', ValidTo: '2026-10-01' }])).toBe(
      'since Aug 16, 2026, until Sep 30, 2026',
    );
  });
});

describe('what happened in a month', () => {
  test.each([
    ['2026-08-01', '2026-08-11', 'Aug 1 – 10'],
    ['2026-08-01', '2026-08-02', 'Aug 1'],
    ['2026-07-30', '2026-08-03', 'Jul 30 – Aug 2'],
  ])('days from %s to %s read "%s"', (ValidFrom, ValidTo, words) => {
    expect(daysInWords({ ValidFrom, ValidTo })).toBe(words);
  });

  test('every fallback says what was missing and what stood in', () => {
    const run = { ValidFrom: '2026-08-01', ValidTo: '2026-08-11', x_DriverPeriodStart: null };

    expect(fallbackInWords({ ...run, x_FallbackUsed: 'previous', x_DriverPeriodStart: '2026-07-01' }, [driven])).toBe(
      'Nobody’s use was measured for Aug 1 – 10, so it was divided as measured for July 2026.',
    );
    expect(fallbackInWords({ ...run, x_FallbackUsed: 'even' }, [driven])).toContain('divided evenly');
    expect(fallbackInWords({ ...run, x_FallbackUsed: 'keep' }, [even])).toBe(
      'Nobody had a share for Aug 1 – 10, so it stayed where it was.',
    );
  });

  test('remarks say why something stayed, and that nothing fell in', () => {
    const none = { ListCost: '0', ContractedCost: '0', BilledCost: '0', EffectiveCost: '0' };
    const some = { ...none, ListCost: '2', BilledCost: '1' };
    const pool = poolSummary.parse({
      x_PoolId: 'bus',
      x_PoolTitle: 'Event bus',
      terms: [driven],
      taken: some,
      passedOn: none,
      kept: some,
      x_TakerCount: 0,
      payers: [],
      fallbacks: [],
      x_IsUnnamedKept: true,
    });

    expect(remarksOn(pool)).toEqual([
      'What was used by consumers that the catalog does not know stayed where it was: nobody else should pay for it.',
    ]);
    expect(remarksOn({ ...pool, terms: [even] })).toEqual([expect.stringContaining('Nobody but the pool itself')]);
    expect(remarksOn({ ...pool, taken: pool.passedOn, x_IsUnnamedKept: false })).toEqual([
      'Nothing fell into it in this month.',
    ]);
  });
});

test('what the empty page offers to paste is what the configuration takes', () => {
  const { drivers, pools } = configSchema.parse({
    workspace: './data',
    sources: [{ name: 'gcp', kind: 'gcp-billing-detailed', files: ['*.parquet'] }],
    ...(parse(POOL_EXAMPLE) as object),
  });

  expect(drivers.map(({ name }) => name)).toEqual(['kafka-bytes']);
  expect(pools.map(({ method }) => method)).toEqual(['driver', 'proportional', 'fixed']);
});
