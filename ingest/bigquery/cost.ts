import { WorthwhileError } from '../../core/errors.ts';

const TIB = 1024n ** 4n;
/** BigQuery bills a query at least this for each table that it names. */
const LEAST_OF_A_QUERY = 10n * 1024n ** 2n;
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** The on-demand price of reading these bytes, in US dollars, rounded to the sixth decimal place. */
export function priceOf(bytes: bigint, pricePerTiB: number): string {
  const microsPerTiB = BigInt(Math.round(pricePerTiB * 1e6));
  const micros = (bytes * microsPerTiB + TIB / 2n) / TIB;
  return `${micros / 1_000_000n}.${(micros % 1_000_000n).toString().padStart(6, '0')}`;
}

/** What a pull that reads these bytes is billed at least: each partition takes a query for its rows and one for its sums. */
export function leastBilled(bytes: bigint, partitions: number): bigint {
  const floor = LEAST_OF_A_QUERY * BigInt(partitions);
  return (bytes > floor ? bytes : floor) + floor;
}

/** A size for a person: `1.2 GiB`. */
export function sizeText(bytes: bigint): string {
  let unit = 0;
  let size = Number(bytes);
  for (; size >= 1024 && unit < UNITS.length - 1; unit += 1) size /= 1024;
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]}`;
}

/** Bytes and price for a person: `1.2 GiB, about $0.01`. */
export function costText(bytes: bigint, pricePerTiB: number): string {
  const price = Number(priceOf(bytes, pricePerTiB));
  return `${sizeText(bytes)}, ${price < 0.01 && bytes > 0n && pricePerTiB > 0 ? 'less than $0.01' : `about $${price.toFixed(2)}`}`;
}

/** Throws COST_GUARD where a dry run says that more would be read than the configuration allows. */
export function assertAffordable(
  bytes: bigint,
  { maximumBytesBilled, pricePerTiB }: { maximumBytesBilled: bigint; pricePerTiB: number },
  on: string,
): void {
  if (bytes <= maximumBytesBilled) return;
  throw new WorthwhileError(
    'COST_GUARD',
    `this would read ${costText(bytes, pricePerTiB)}; \`maximumBytesBilled\` allows ${sizeText(maximumBytesBilled)}`,
    { on, fix: 'raise `maximumBytesBilled`, or pull less at once with --since; nothing was read' },
  );
}
