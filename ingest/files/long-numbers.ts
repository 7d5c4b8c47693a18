const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** A double holds any decimal number of up to 15 digits exactly; longer ones must not pass through one. */
const SAFE_LENGTH = 15;

/**
 * Puts JSON numbers of more than 15 characters in quotes; all other bytes pass unchanged.
 * DuckDB reads a bare JSON number through a double, which would round exact money such as 12345678901.123456789.
 */
export async function* quoteLongNumbers(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let inString = false;
  let escaped = false;
  let number: Buffer | null = null;
  for await (const raw of chunks) {
    const chunk: Buffer = number ? Buffer.concat([number, raw]) : raw;
    number = null;
    const pieces: Buffer[] = [];
    let copied = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) {
        inString = true;
      } else if (isNumberByte(byte) && (byte === 0x2d || byte >= 0x30) && byte <= 0x39) {
        let end = at + 1;
        while (end < chunk.length && isNumberByte(chunk[end]!)) end += 1;
        if (end === chunk.length) {
          pieces.push(chunk.subarray(copied, at));
          number = chunk.subarray(at);
          copied = chunk.length;
          break;
        }
        if (end - at > SAFE_LENGTH) {
          pieces.push(chunk.subarray(copied, at), QUOTE_BYTES, chunk.subarray(at, end), QUOTE_BYTES);
          copied = end;
        }
        at = end - 1;
      }
    }
    pieces.push(chunk.subarray(copied));
    yield pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }
  if (number) yield number.length > SAFE_LENGTH ? Buffer.concat([QUOTE_BYTES, number, QUOTE_BYTES]) : number;
}

const QUOTE_BYTES = Buffer.from('"');

/** Digits, sign, point and exponent: what a JSON number is made of after its first character. */
function isNumberByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65 || byte === 0x45
  );
}
