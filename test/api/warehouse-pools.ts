/**
 * Shared cost of August 2026. `logs` keeps 1 of 10, because somebody uses it whom the catalog does not know; `bus` feeds `logs`;
 * `support` stays where it is until the 16th; `retired` ended before there were charges. ListCost is twice the others.
 */
const COSTS = [
  ['logs', 'USD', 'search', 'search-api', 'Cloud Logging', '10'],
  ['logs', 'EUR', 'search', 'search-api', 'Cloud Logging', '1'],
  ['bus', 'USD', 'playback', 'player', 'Compute Engine', '6'],
  ['support', 'USD', 'unallocated', null, 'Support', '3'],
] as const;

const CHARGES = [
  ['logs', 'USD', 'SharedOut', 'search', 'search-api', 'Cloud Logging', '-9'],
  ['logs', 'USD', 'SharedIn', 'sales/ads', 'sales/ads-server', 'Cloud Logging', '6.000000001'],
  ['logs', 'USD', 'SharedIn', 'playback', 'player', 'Cloud Logging', '1.999999999'],
  ['logs', 'USD', 'SharedIn', 'search', null, 'Cloud Logging', '1'],
  ['logs', 'EUR', 'SharedOut', 'search', 'search-api', 'Cloud Logging', '-1'],
  ['logs', 'EUR', 'SharedIn', 'playback', 'player', 'Cloud Logging', '1'],
  ['bus', 'USD', 'SharedOut', 'playback', 'player', 'Compute Engine', '-6'],
  ['bus', 'USD', 'SharedIn', 'search', 'search-api', 'Compute Engine', '4'],
  ['bus', 'USD', 'SharedIn', 'sales/ads', 'sales/ads-server', 'Compute Engine', '1.5'],
  ['bus', 'USD', 'SharedIn', 'unallocated', 'orphan', 'Compute Engine', '0.5'],
  ['support', 'USD', 'SharedOut', 'unallocated', null, 'Support', '-1.5'],
  ['support', 'USD', 'SharedIn', 'search', null, 'Support', '0.75'],
  ['support', 'USD', 'SharedIn', 'playback', null, 'Support', '0.75'],
] as const;

const WHOLE = "date '2026-08-01', date '2026-09-01'";
const SHARES = [
  `'bus', ${WHOLE}, 'component', 'search-api', 'driver', 'kafka-bytes', date '2026-08-01', null, 40, 0.8`,
  `'bus', ${WHOLE}, 'pool', 'logs', 'driver', 'kafka-bytes', date '2026-08-01', null, 5, 0.1`,
  `'bus', ${WHOLE}, 'component', 'orphan', 'driver', 'kafka-bytes', date '2026-08-01', null, 5, 0.1`,
  `'logs', date '2026-08-01', date '2026-08-11', 'component', 'player', 'driver', 'log-bytes', date '2026-07-01', 'previous', 1, 0.25`,
  `'logs', date '2026-08-01', date '2026-08-11', 'component', 'sales/ads-server', 'driver', 'log-bytes', date '2026-07-01', 'previous', 3, 0.75`,
  `'logs', date '2026-08-11', date '2026-09-01', 'component', 'sales/ads-server', 'driver', 'log-bytes', date '2026-08-01', null, 6.5, 0.65`,
  `'logs', date '2026-08-11', date '2026-09-01', 'squad', 'search', 'driver', 'log-bytes', date '2026-08-01', null, 2.5, 0.25`,
  `'logs', date '2026-08-11', date '2026-09-01', 'kept', null, 'driver', 'log-bytes', date '2026-08-01', null, 1, 0.1`,
  `'support', date '2026-08-01', date '2026-08-16', 'kept', null, 'fixed', null, null, 'keep', 1, 1`,
  `'support', date '2026-08-16', date '2026-09-01', 'squad', 'search', 'even', null, null, null, 1, 0.5`,
  `'support', date '2026-08-16', date '2026-09-01', 'squad', 'playback', 'even', null, null, null, 1, 0.5`,
];

const money = (amount: string): string =>
  `(2 * ${amount}::decimal(38, 9))::decimal(38, 9), ${[1, 2, 3].map(() => `${amount}::decimal(38, 9)`).join(', ')}`;
const texts = (values: readonly (string | null)[]): string =>
  values.map((value) => (value === null ? 'null' : `'${value}'`)).join(', ');
const rows = (of: readonly (readonly (string | null)[])[]): string =>
  of.map((row) => `(date '2026-08-01', ${texts(row.slice(0, -1))}, ${money(row.at(-1)!)})`).join(', ');

/** Statements that make the pool marts; without charges there is nothing in them but the pools. */
export function poolMarts(hasCharges: boolean): string[] {
  const given = hasCharges ? '' : ' where false';
  return [
    `create table dim_pools as select * from (values
       (1::bigint, 'logs', 'Log platform', 'driver', 'log-bytes', 'EffectiveCost', 'squad', 'previous', date '1900-01-01', date '2999-12-31'),
       (2, 'bus', 'Event bus', 'driver', 'kafka-bytes', 'EffectiveCost', 'squad', 'keep', date '1900-01-01', date '2999-12-31'),
       (3, 'support', 'Support', 'fixed', null, 'EffectiveCost', 'squad', 'keep', date '1900-01-01', date '2026-08-16'),
       (4, 'support', 'Support', 'even', null, 'EffectiveCost', 'squad', 'keep', date '2026-08-16', date '2999-12-31'),
       (5, 'retired', 'Retired', 'even', null, 'EffectiveCost', 'squad', 'keep', date '1900-01-01', date '2026-07-01'))
       as t(x_PoolEntry, x_PoolId, x_PoolTitle, x_Method, x_DriverName, x_BaseColumn, x_Level, x_Fallback, ValidFrom, ValidTo)`,
    `create table fct_pool_costs as select * from (values ${rows(COSTS)})
       as t(BillingPeriodStart, x_PoolId, BillingCurrency, SquadId, ComponentId, ServiceName, ListCost, ContractedCost, BilledCost, EffectiveCost)${given}`,
    `create table fct_pool_charges as select * from (values ${rows(CHARGES)})
       as t(BillingPeriodStart, x_PoolId, BillingCurrency, ChargeKind, SquadId, ComponentId, ServiceName, ListCost, ContractedCost, BilledCost, EffectiveCost)${given}`,
    `create table fct_pool_shares as
     select date '2026-08-01' as BillingPeriodStart, 'USD' as BillingCurrency, x_PoolId, ValidFrom, ValidTo, x_TargetKind, x_Target, x_Method,
            x_DriverName, x_DriverPeriodStart, x_FallbackUsed, x_Weight::decimal(38, 9) as x_Weight, x_Ratio::decimal(38, 9) as x_Ratio
     from (values ${SHARES.map((row) => `(${row})`).join(', ')})
       as t(x_PoolId, ValidFrom, ValidTo, x_TargetKind, x_Target, x_Method, x_DriverName, x_DriverPeriodStart, x_FallbackUsed, x_Weight, x_Ratio)${given}`,
  ];
}
