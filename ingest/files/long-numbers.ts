const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** A double holds any decimal number of up to 15 digits exactly; longer ones must not pass through one. */
const SAFE_LENGTH = 15;
const QUOTE_BYTES = Buffer.from('"');

/**
 * Puts JSON numbers of more than 15 characters in quotes; all other bytes pass unchanged. DuckDB reads a bare JSON number through
 * a double, which would round exact money such as 12345678901.123456789.
 */
export async function* quoteLongNumbers(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let inString = false;
  let unfinished: Buffer = Buffer.alloc(0);
  for await (const raw of chunks) {
    const chunk = unfinished.length > 0 ? Buffer.concat([unfinished, raw]) : raw;
    const scanned = scan(chunk, inString);
    inString = scanned.inString;
    unfinished = chunk.subarray(scanned.end);
    yield Buffer.concat(scanned.pieces);
  }
  if (unfinished.length > 0) yield !inString && unfinished.length > SAFE_LENGTH ? quoted(unfinished) : unfinished;
}

/** Goes through one chunk up to `end`; what follows (a number or an escape that may go on) belongs to the next chunk. */
function scan(chunk: Buffer, startsInString: boolean): { pieces: Buffer[]; end: number; inString: boolean } {
  const pieces: Buffer[] = [];
  let copied = 0;
  let inString = startsInString;
  const stopAt = (end: number): ReturnType<typeof scan> => {
    pieces.push(chunk.subarray(copied, end));
    return { pieces, end, inString };
  };
  for (let at = 0; at < chunk.length;) {
    if (inString) {
      const close = chunk.indexOf(QUOTE, at);
      const escapes = backslashesBefore(chunk, close === -1 ? chunk.length : close, at);
      if (close === -1) return stopAt(chunk.length - (escapes % 2));
      inString = escapes % 2 === 1;
      at = close + 1;
    } else if (chunk[at] === QUOTE) {
      inString = true;
      at += 1;
    } else if (isNumberByte(chunk[at]!)) {
      const end = endOfNumber(chunk, at);
      if (end === chunk.length) return stopAt(at);
      if (end - at > SAFE_LENGTH) {
        pieces.push(chunk.subarray(copied, at), quoted(chunk.subarray(at, end)));
        copied = end;
      }
      at = end;
    } else {
      at += 1;
    }
  }
  return stopAt(chunk.length);
}

function backslashesBefore(chunk: Buffer, end: number, from: number): number {
  let at = end;
  while (at > from && chunk[at - 1] === BACKSLASH) at -= 1;
  return end - at;
}

function endOfNumber(chunk: Buffer, start: number): number {
  let end = start + 1;
  while (end < chunk.length && isNumberByte(chunk[end]!)) end += 1;
  return end;
}

/** Digits, sign, point and exponent. The letters of true, false and null never make a run of more than one. */
function isNumberByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e || byte === 0x2b || byte === 0x65 || byte === 0x45
  );
}

function quoted(number: Buffer): Buffer {
  return Buffer.concat([QUOTE_BYTES, number, QUOTE_BYTES]);
}
