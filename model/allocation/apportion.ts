/**
 * Deals `total` units out in proportion to the weights, by largest remainder (Hamilton): each gets its quota rounded down, and the
 * units left go one each to the largest remainders, ties to the earlier weight. The parts add up to the total exactly; a total below
 * zero is dealt out as its amount and then negated. Weights are not below zero, and one is above.
 */
export function apportion(total: bigint, weights: bigint[]): bigint[] {
  const sum = weights.reduce((left, right) => left + right, 0n);
  const amount = total < 0n ? -total : total;
  const parts = weights.map((weight) => (amount * weight) / sum);
  const left = amount - parts.reduce((a, b) => a + b, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder.slice(0, Number(left))) parts[index]! += 1n;
  return total < 0n ? parts.map((part) => -part) : parts;
}
