import type { GoogleType } from './types.ts';

/** A value as the evaluator's protocol writes it (`ValueProto`): one field of many is set; none means NULL. */
export type GoogleValue = Record<string, unknown>;

const DAY_MS = 86_400_000;

/** A value as DuckDB's JSON rows spell it (exact text for numbers and times), for the wire. */
export function encodeValue(value: unknown, type: GoogleType): GoogleValue {
  if (value === null || value === undefined) return {};
  const text = String(value);
  switch (type.type_kind) {
    case 'TYPE_BOOL':
      return { bool_value: value === true || text === 'true' };
    case 'TYPE_INT64':
      return { int64_value: text };
    case 'TYPE_DOUBLE':
      return { double_value: Number(text) };
    case 'TYPE_STRING':
      return { string_value: text };
    case 'TYPE_DATE':
      return { date_value: Date.parse(`${text}T00:00:00Z`) / DAY_MS };
    case 'TYPE_TIMESTAMP':
      return { timestamp_value: encodeTimestamp(text) };
    case 'TYPE_NUMERIC':
      return { numeric_value: littleEndian(scaled(text, 9)) };
    case 'TYPE_BIGNUMERIC':
      return { bignumeric_value: littleEndian(scaled(text, 38)) };
    case 'TYPE_ARRAY':
      return {
        array_value: { element: (value as unknown[]).map((item) => encodeValue(item, type.array_type!.element_type)) },
      };
    case 'TYPE_STRUCT': {
      const record = value as Record<string, unknown>;
      return {
        struct_value: {
          field: type.struct_type!.field.map((field) => encodeValue(record[field.field_name], field.field_type)),
        },
      };
    }
    default:
      throw new Error(`cannot send a value of ${type.type_kind}`);
  }
}

/** The wire's value in one canonical spelling: NULL is null, numbers are plain decimals without trailing zeros. */
export function decodeValue(value: GoogleValue, type: GoogleType): unknown {
  const field = value['value'] as string | undefined;
  if (field === undefined) return null;
  const content = value[field];
  switch (type.type_kind) {
    case 'TYPE_DATE':
      return new Date(Number(content) * DAY_MS).toISOString().slice(0, 10);
    case 'TYPE_TIMESTAMP':
      return decodeTimestamp(content as { seconds?: string; nanos?: number });
    case 'TYPE_NUMERIC':
      return unscaled(fromLittleEndian(content as Uint8Array), 9);
    case 'TYPE_BIGNUMERIC':
      return unscaled(fromLittleEndian(content as Uint8Array), 38);
    case 'TYPE_ARRAY':
      return ((content as { element?: GoogleValue[] }).element ?? []).map((item) =>
        decodeValue(item, type.array_type!.element_type),
      );
    case 'TYPE_STRUCT': {
      const cells = (content as { field?: GoogleValue[] }).field ?? [];
      return Object.fromEntries(
        type.struct_type!.field.map((part, index) => [part.field_name, decodeValue(cells[index]!, part.field_type)]),
      );
    }
    default:
      return typeof content === 'boolean' ? content : String(content);
  }
}

/** DuckDB's spelling of a value in the same canonical form. */
export function canonicalValue(value: unknown, type: GoogleType): unknown {
  if (value === null || value === undefined) return null;
  return decodeValue(withField(encodeValue(value, type)), type);
}

function withField(value: GoogleValue): GoogleValue {
  const [field, content] = Object.entries(value)[0]!;
  if (field === 'array_value') return { value: field, [field]: { element: nested(content, 'element') } };
  if (field === 'struct_value') return { value: field, [field]: { field: nested(content, 'field') } };
  return { value: field, [field]: content };
}

function nested(content: unknown, part: string): GoogleValue[] {
  const items = (content as Record<string, GoogleValue[]>)[part] ?? [];
  return items.map((item) => (Object.keys(item).length === 0 ? item : withField(item)));
}

function scaled(text: string, scale: number): bigint {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > scale) throw new Error(`${text} is not a decimal of scale ${scale}`);
  const digits = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign ? -digits : digits;
}

function unscaled(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction ? `.${fraction}` : ''}`;
}

/** Two's complement, least significant byte first, as few bytes as hold the sign. */
function littleEndian(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!((rest === 0n && bytes.at(-1)! < 128) || (rest === -1n && bytes.at(-1)! >= 128)));
  return Uint8Array.from(bytes);
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index]!);
  return BigInt.asIntN(bytes.length * 8, value);
}

function encodeTimestamp(text: string): { seconds: string; nanos: number } {
  const [, moment, fraction = ''] = /^(.{19})(?:\.(\d+))?/.exec(text) ?? [];
  const zone = /[+-]\d\d(:?\d\d)?$/.exec(text)?.[0] ?? '+00';
  if (!moment || Number(zone.slice(1)) !== 0) throw new Error(`not a UTC timestamp: ${text}`);
  const seconds = Date.parse(`${moment.replace(' ', 'T')}Z`) / 1000;
  return { seconds: String(seconds), nanos: Number(fraction.padEnd(9, '0')) };
}

function decodeTimestamp(stamp: { seconds?: string; nanos?: number }): string {
  const moment = new Date(Number(stamp.seconds ?? 0) * 1000).toISOString().slice(0, 19);
  return `${moment}.${String(stamp.nanos ?? 0).padStart(9, '0')}Z`;
}
