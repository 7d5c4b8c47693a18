import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

test('pools are told as configured', async () => {
  const rows = await given('dim_pools', {
    inp_pools: [
      { x_PoolEntry: 1, x_PoolId: 'logs', x_PoolTitle: 'Logs', x_Method: 'driver', x_DriverName: 'bytes', ...always },
    ],
  });

  expect(only(rows, 'x_PoolId', 'x_PoolTitle', 'x_Method', 'x_DriverName')).toEqual([
    ['logs', 'Logs', 'driver', 'bytes'],
  ]);
});
