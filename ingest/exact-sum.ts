import { addDecimals } from '../core/decimal-sum.ts';

/** Sums by currency and column, added up over several files. */
export function addSums(parts: Record<string, Record<string, string>>[]): Record<string, Record<string, string>> {
  const currencies = [...new Set(parts.flatMap((part) => Object.keys(part)))].sort();
  return Object.fromEntries(
    currencies.map((currency) => {
      const held = parts.flatMap((part) => (part[currency] ? [part[currency]] : []));
      const names = Object.keys(held[0]!);
      return [currency, Object.fromEntries(names.map((name) => [name, addDecimals(held.map((sums) => sums[name]!))]))];
    }),
  );
}
