/**
 * Text for people, from the API's exact decimal strings. `Intl.NumberFormat` takes the strings as they are, so nothing here
 * passes through a float.
 */
const LOCALE = 'en-US';

export type MoneyPrecision = 'full' | 'exact' | 'cents' | 'whole' | 'compact';

interface MoneyOptions {
  /** `full`: all 9 decimals; `exact`: all decimals that are not zero (up to 9); `cents`; `whole` units; `compact`: 12.3K. */
  precision?: MoneyPrecision;
  /** Writes `+` before what is above zero. */
  signed?: boolean;
}

const digits: Record<MoneyPrecision, Intl.NumberFormatOptions> = {
  full: { minimumFractionDigits: 9, maximumFractionDigits: 9 },
  exact: { minimumFractionDigits: 2, maximumFractionDigits: 9 },
  cents: { minimumFractionDigits: 2, maximumFractionDigits: 2 },
  whole: { minimumFractionDigits: 0, maximumFractionDigits: 0 },
  compact: { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 },
};

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  let known = formatters.get(key);
  if (!known) formatters.set(key, (known = new Intl.NumberFormat(LOCALE, options)));
  return known;
}

/** TypeScript wants a template type for numeric text; the contract has checked the value already. */
const print = (format: Intl.NumberFormat, value: string): string =>
  format.format(value as `${number}`).replace('-', '−');

/**
 * `1234.500000000` -> `$1,234.50`. What is smaller than the precision can show, but not zero, says so (`< $0.01`).
 * Codes that are not ISO 4217 (three letters) are written after the number.
 */
export function formatMoney(value: string, currency: string | null, options: MoneyOptions = {}): string {
  const { precision = 'cents', signed = false } = options;
  const isIso = currency !== null && currency.length === 3;
  const format = formatter(`${precision}:${signed}:${isIso ? currency : ''}`, {
    ...digits[precision],
    ...(isIso ? { style: 'currency', currency } : {}),
    signDisplay: signed ? 'exceptZero' : 'negative',
  });
  const text = print(format, value);
  const suffix = isIso || currency === null ? '' : ` ${currency}`;
  if (precision !== 'full' && precision !== 'exact' && !isZero(value) && !/[1-9]/.test(text)) {
    const smallest = precision === 'cents' ? '0.01' : '1';
    const small = print(
      formatter(`${precision}:${isIso ? currency : ''}`, {
        ...digits[precision],
        ...(isIso ? { style: 'currency', currency } : {}),
      }),
      smallest,
    );
    return `${isNegative(value) ? '> −' : '< '}${small}${suffix}`;
  }
  return text + suffix;
}

/** Share or ratio as per cent: 0.1234 -> `12.3%`; null -> a dash. Very small and very large ones are bounded, not spelled out. */
export function formatRatio(value: number | null, options: { signed?: boolean; digits?: number } = {}): string {
  if (value === null) return '–';
  const { signed = false, digits: places = 1 } = options;
  if (signed && value >= 10) return '> +999%';
  const format = formatter(`ratio:${signed}:${places}`, {
    style: 'percent',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    signDisplay: signed ? 'exceptZero' : 'negative',
  });
  return format.format(value).replace('-', '−');
}

/** A share of a whole: never rounds up to 100 % or down to 0 % what is not quite that. */
export function formatShare(value: number | null): string {
  if (value === null) return '–';
  if (value > 0.999 && value < 1) return '> 99.9%';
  if (value > 0 && value < 0.001) return '< 0.1%';
  return formatRatio(value);
}

/** A count or quantity (number or decimal string) with thousands separators, at most `places` decimals. */
export function formatNumber(value: number | string, places = 0): string {
  return print(formatter(`number:${places}`, { maximumFractionDigits: places }), String(value));
}

/** Whole units from a thousand on, cents below: for figures that stand alone. */
export const precisionOf = (value: string): MoneyPrecision =>
  (withoutSign(value).split('.')[0] ?? '').length > 3 ? 'whole' : 'cents';

/** A count with its noun: `1 squad`, `12 squads`. */
export function formatCount(value: number, one: string, many = `${one}s`): string {
  return `${formatNumber(value)} ${value === 1 ? one : many}`;
}

const utc = (text: string): Date => new Date(text.length === 7 ? `${text}-01T00:00:00Z` : `${text}T00:00:00Z`);

const dates = {
  month: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', month: 'long', year: 'numeric' }),
  shortMonth: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', month: 'short', year: 'numeric' }),
  monthOnly: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', month: 'short' }),
  day: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }),
  shortDay: new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', day: 'numeric', month: 'short' }),
  weekday: new Intl.DateTimeFormat(LOCALE, {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }),
};

/** `2026-10` or `2026-10-05` -> `October 2026`. */
export const formatMonth = (value: string): string => dates.month.format(utc(value));
/** `2026-10` -> `Oct 2026`. */
export const formatShortMonth = (value: string): string => dates.shortMonth.format(utc(value));
/** `2026-10` -> `Oct`. */
export const formatMonthName = (value: string): string => dates.monthOnly.format(utc(value));
/** `2026-10-05` -> `Oct 5, 2026`. */
export const formatDay = (value: string): string => dates.day.format(utc(value));
/** `2026-10-05` -> `Oct 5`. */
export const formatShortDay = (value: string): string => dates.shortDay.format(utc(value));
/** `2026-10-05` -> `Mon, Oct 5, 2026`. */
export const formatWeekday = (value: string): string => dates.weekday.format(utc(value));

/** An instant on the reader's own clock, with the zone's name, since it is not on the billing clock. */
export function formatInstant(value: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(value));
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes (number or decimal integer) in powers of 1024, as BigQuery bills them: `12.3 MiB`. */
export function formatBytes(value: number | string): string {
  let amount = Number(value);
  let unit = 0;
  while (amount >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  if (unit === 0 && amount === 1) return '1 byte';
  return `${formatNumber(amount, unit > 0 && amount < 99.95 ? 1 : 0)} ${BYTE_UNITS[unit]}`;
}

/** A length of time in milliseconds: `12 ms`, `0.3 s`, `12 s`, `4 min 5 s`, `2 h 10 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 99.5) return `${Math.round(Math.max(0, milliseconds))} ms`;
  if (milliseconds < 9_950) return `${formatNumber(milliseconds / 1000, 1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${formatNumber(Math.floor(seconds / 3600))} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** How long ago: `3 hours ago`. Both in milliseconds since 1970. */
export function formatAgo(then: number, now: number): string {
  const minutes = Math.round((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${formatCount(minutes, 'minute')} ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 48) return `${formatCount(hours, 'hour')} ago`;
  return `${formatCount(Math.round(hours / 24), 'day')} ago`;
}

/** True for `0`, `-0.000`: decided on the text. */
export const isZero = (value: string): boolean => !/[1-9]/.test(value);
/** True below zero: decided on the text. */
export const isNegative = (value: string): boolean => value.startsWith('-') && !isZero(value);
/** The amount without its sign. */
export const withoutSign = (value: string): string => value.replace(/^-/, '');
