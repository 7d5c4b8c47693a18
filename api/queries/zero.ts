import { money } from '../contract/index.ts';

/** No money, in the form of every other amount. */
export const ZERO = money.parse('0.000000000');
