/**
 * Every path that the project's texts cite exists: links, and code spans that look like a path of one of our folders.
 * Exit code 1 with the file, line and path of each that does not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';

const root = join(import.meta.dirname, '..');
const FOLDERS = 'core|ingest|model|api|web|fixtures|cli|test|scripts|docs|bin|\\.ci';
const CODE_PATH = new RegExp(
  `^(?:(?:${FOLDERS})/[\\w./*<>{},-]*|(?:${FOLDERS})/|[A-Z]+\\.md|[\\w.-]+\\.(?:config\\.\\w+|ts))$`,
);

const missing = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).flatMap((document) =>
  readFileSync(join(root, document), 'utf8')
    .split('\n')
    .flatMap((line, index) => pathsIn(line, document).map((path) => ({ path, place: `${document}:${index + 1}` })))
    .filter(({ path }) => !existsSync(join(root, path)) && globSync([path], { cwd: root, dot: true }).length === 0),
);
for (const { path, place } of missing) console.error(`${place} cites ${path}, which is not there`);
process.exitCode = missing.length === 0 ? 0 : 1;

function pathsIn(line: string, document: string): string[] {
  const links = [...line.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(document), target));
  const spans = [...line.matchAll(/`([^`\s]+)`/g)]
    .map((match) => match[1]!)
    .filter((span) => CODE_PATH.test(span))
    .map((span) => span.replace(/<[^>]+>/g, '*'));
  return [...links, ...spans];
}
