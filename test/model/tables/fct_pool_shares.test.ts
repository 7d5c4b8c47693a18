import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('weights are published as they were found', async () => {
  const rows = await given('fct_pool_shares', {
    int_pool_weights: [
      {
        x_PoolId: 'logs',
        x_TargetKind: 'squad',
        x_Target: 'a',
        x_Method: 'driver',
        x_Weight: '3',
        x_Ratio: '0.75',
        x_FallbackUsed: 'previous',
      },
    ],
  });

  expect(only(rows, 'x_PoolId', 'x_Target', 'x_Weight', 'x_Ratio', 'x_FallbackUsed')).toEqual([
    ['logs', 'a', '3.000000000', '0.750000000', 'previous'],
  ]);
});
