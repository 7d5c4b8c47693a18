import { WorthwhileError } from '../errors.ts';

/** A DuckDB type as its text says it, for example in `DESCRIBE` or a manifest. Scalars keep their name in upper case. */
export type PhysicalType =
  | { scalar: string }
  | { list: PhysicalType }
  | { struct: { name: string; type: PhysicalType }[] }
  | { map: [PhysicalType, PhysicalType] };

/** Reads type text such as `STRUCT(id VARCHAR, "key" DECIMAL(38,9))[]`. Throws INTERNAL on text that DuckDB would not write. */
export function parsePhysicalType(text: string): PhysicalType {
  const reader = { text, at: 0 };
  const type = readType(reader);
  if (reader.at < text.length) throw notAType(text);
  return type;
}

interface Reader {
  text: string;
  at: number;
}

function readType(reader: Reader): PhysicalType {
  let type = readBase(reader);
  for (let array = /^\[\d*\]/.exec(rest(reader)); array; array = /^\[\d*\]/.exec(rest(reader))) {
    reader.at += array[0].length;
    type = { list: type };
  }
  return type;
}

function readBase(reader: Reader): PhysicalType {
  if (take(reader, /^STRUCT\(/i)) {
    const struct = [];
    do {
      const name = readName(reader);
      take(reader, /^ /);
      struct.push({ name, type: readType(reader) });
    } while (take(reader, /^, /));
    expect(reader, /^\)/);
    return { struct };
  }
  if (take(reader, /^MAP\(/i)) {
    const key = readType(reader);
    expect(reader, /^, ?/);
    const value = readType(reader);
    expect(reader, /^\)/);
    return { map: [key, value] };
  }
  const quoted = take(reader, /^"[^"]+"/);
  const scalar = quoted ?? take(reader, /^(?:TIMESTAMP WITH TIME ZONE|TIME WITH TIME ZONE|\w+(?:\([^)]*\))?)/i);
  if (!scalar) throw notAType(reader.text);
  return { scalar: scalar.replaceAll('"', '').toUpperCase() };
}

function readName(reader: Reader): string {
  const quoted = take(reader, /^"(?:[^"]|"")*"/);
  return quoted ? quoted.slice(1, -1).replaceAll('""', '"') : expect(reader, /^[^\s"(),]+/);
}

function rest(reader: Reader): string {
  return reader.text.slice(reader.at);
}

function take(reader: Reader, pattern: RegExp): string | null {
  const found = pattern.exec(rest(reader))?.[0] ?? null;
  if (found) reader.at += found.length;
  return found;
}

function expect(reader: Reader, pattern: RegExp): string {
  const found = take(reader, pattern);
  if (found === null) throw notAType(reader.text);
  return found;
}

function notAType(text: string): WorthwhileError {
  return new WorthwhileError('INTERNAL', 'this is not the text of a DuckDB type', { on: text });
}
