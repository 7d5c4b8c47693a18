import { closeSync, openSync, readSync } from 'node:fs';

const DELIMITERS = [',', ';', '\t', '|'];

/** Column names and delimiter from a CSV file's first record; quotes and doubled quotes as in RFC 4180. */
export function parseCsvHeader(text: string): { names: string[]; delimiter: string } {
  const record = firstRecord(text.replace(/^\uFEFF/, ''));
  const bare = record.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))]!;
  return { names: record.trim() === '' ? [] : cellsOf(record, delimiter), delimiter };
}

/** The first bytes of a file as text, or all of a shorter one. */
export function headOf(path: string, bytes: number): string {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(bytes);
    return head.toString('utf8', 0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}

function firstRecord(text: string): string {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (!quoted && (text[at] === '\n' || text[at] === '\r')) return text.slice(0, at);
  }
  return text;
}

function cellsOf(record: string, delimiter: string): string[] {
  const cells: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= record.length; at += 1) {
    if (record[at] === '"') quoted = !quoted;
    if (at === record.length || (!quoted && record[at] === delimiter)) {
      cells.push(unquote(record.slice(start, at)));
      start = at + 1;
    }
  }
  return cells;
}

function unquote(cell: string): string {
  const text = cell.trim();
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1).replaceAll('""', '"') : text;
}
