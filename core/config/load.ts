import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { LineCounter, isNode, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { WorthwhileError } from '../errors.ts';
import { checkPools } from './check-pools.ts';
import { configSchema, type Config, type SourceConfig } from './schema.ts';

/** Reads and checks `worthwhile.yaml`. Throws CONFIG_NOT_FOUND or CONFIG_INVALID with line, key and the near key's name. */
export function loadConfig(path: string): Config {
  const absolute = resolve(path);
  if (!existsSync(absolute)) {
    throw new WorthwhileError('CONFIG_NOT_FOUND', 'there is no configuration file', {
      on: absolute,
      fix: 'run `worthwhile init` to write one, or name yours with --config',
    });
  }
  return parseConfig(readFileSync(absolute, 'utf8'), absolute);
}

/** As {@link loadConfig}, from text; `path` is where relative paths start from. */
export function parseConfig(text: string, path: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntaxError = document.errors[0];
  if (syntaxError) {
    throw new WorthwhileError(
      'CONFIG_INVALID',
      `the configuration is not valid YAML: ${syntaxError.message.split('\n')[0]}`,
      {
        on: path,
        fix: 'mend the line it names',
      },
    );
  }
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    throw new WorthwhileError('CONFIG_INVALID', describeIssues(parsed.error.issues, document, lines), {
      on: path,
      fix: 'correct the keys above; `worthwhile init --print` shows every key with its meaning',
    });
  }
  const config = parsed.data;
  checkTimezone(config.timezone, path);
  checkNamesUnique('sources', config.sources, path);
  checkTablesUnique(config.sources, path);
  checkPools(config, path);
  checkNamesUnique('drivers', config.drivers, path);
  checkNamesUnique('metrics', config.metrics, path);
  return withAbsolutePaths({ ...config, path }, dirname(path));
}

function describeIssues(issues: z.core.$ZodIssue[], document: Document, lines: LineCounter): string {
  return issues
    .flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => {
          const at = [...issue.path, key];
          return `unknown key "${at.join('.')}"${lineOf(at, document, lines)}${suggestion(key, issue.path)}`;
        });
      }
      const at = issue.path.join('.') || 'the file';
      return `${at}${lineOf(issue.path, document, lines)}: ${issue.message}`;
    })
    .join('\n');
}

function lineOf(path: PropertyKey[], document: Document, lines: LineCounter): string {
  const node = document.getIn(path, true);
  return isNode(node) && node.range ? ` (line ${lines.linePos(node.range[0]).line})` : '';
}

function suggestion(key: string, parent: PropertyKey[]): string {
  const known = knownKeys(parent);
  if (known.length === 0) return '';
  const near = closest(key, known);
  return distance(key, near) <= Math.max(2, Math.floor(near.length / 3))
    ? `; did you mean "${near}"?`
    : `; known here: ${known.join(', ')}`;
}

function knownKeys(path: PropertyKey[]): string[] {
  let schema: unknown = configSchema;
  for (const step of path) schema = childSchema(unwrap(schema), step);
  const shape = (unwrap(schema) as { shape?: Record<string, unknown> } | undefined)?.shape;
  return shape ? Object.keys(shape) : [];
}

function unwrap(schema: unknown): unknown {
  let current = schema as { def?: { innerType?: unknown } } | undefined;
  while (current?.def?.innerType) current = current.def.innerType as typeof current;
  return current;
}

function childSchema(schema: unknown, step: PropertyKey): unknown {
  const node = schema as { shape?: Record<PropertyKey, unknown>; element?: unknown } | undefined;
  return typeof step === 'number' ? node?.element : node?.shape?.[step];
}

function checkTimezone(timezone: string, path: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (cause) {
    throw new WorthwhileError('CONFIG_INVALID', `timezone: "${timezone}" is not a time zone`, {
      on: path,
      fix: 'use a name such as America/Los_Angeles',
      cause,
    });
  }
}

/** Two sources over one table would count its rows twice. */
function checkTablesUnique(sources: SourceConfig[], path: string): void {
  const seen = new Map<string, string>();
  for (const { name, bigquery } of sources) {
    if (!bigquery) continue;
    const table = [bigquery.project, bigquery.dataset, bigquery.table].join('.');
    const other = seen.get(table);
    if (other !== undefined) {
      throw new WorthwhileError('CONFIG_INVALID', `sources "${other}" and "${name}" name the same table, ${table}`, {
        on: path,
        fix: 'leave one of them out; its rows would be counted twice',
      });
    }
    seen.set(table, name);
  }
}

function checkNamesUnique(what: string, named: { name: string }[], path: string): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name)) {
      throw new WorthwhileError('CONFIG_INVALID', `two ${what} are named "${name}"`, {
        on: path,
        fix: 'give each a name of its own; what was taken in is kept under it',
      });
    }
    seen.add(name);
  }
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  const withFiles = <T extends { files?: string[] | undefined }>(part: T): T =>
    part.files ? { ...part, files: part.files.map(absolute) } : part;
  return {
    ...config,
    workspace: absolute(config.workspace),
    sources: config.sources.map(withFiles),
    catalog: { ...withFiles(config.catalog), history: config.catalog.history.map(withFiles) },
    drivers: config.drivers.map(withFiles),
    metrics: config.metrics.map(withFiles),
  };
}
