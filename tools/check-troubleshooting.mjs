// Whether docs/troubleshooting.md says of every exit code, problem of the HTTP interface, error class and kind of error
// in the sources what it means, and of no other. Takes a fraction of a second.
//     node tools/check-troubleshooting.mjs
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '..');
const PAGE = 'docs/troubleshooting.md';

const read = (path) => readFileSync(join(root, path), 'utf8');
const sources = ['packages', 'apps'].flatMap((kind) =>
  readdirSync(join(root, kind)).flatMap((name) => {
    const folder = `${kind}/${name}/src`;
    return readdirSync(join(root, folder), { recursive: true })
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.ts'))
      .map((path) => ({ path, text: read(path) }));
  }),
);

/** All first groups of a pattern in the sources whose path fits. */
function found(pattern, path = /./) {
  return sources
    .filter((source) => path.test(source.path))
    .flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1]));
}

const quoted = (text) => [...text.matchAll(/'([\w-]+)'/g)].map((match) => match[1]);

/** What each table of the page has to hold, by the words of its heading. */
function expected() {
  const sections = new Map();
  sections.set('Exit codes', [
    ...['0', '1'],
    ...found(/EXIT_CODE = (\d+)/g),
    ...found(/process\.exit\((\d+)\)/g),
    // The code of a shell for a program that a signal ended.
    ...(found(/(128 \+ constants\.signals)/g).length > 0 ? ['130', '143'] : []),
  ]);
  const serve = /^apps\/serve\//;
  const problems = read('apps/serve/src/http/problems.ts');
  sections.set('HTTP problems', [
    ...found(/new ServeError\(\s*\d+,\s*'([\w-]+)'/g, serve),
    ...found(/urn:arctic:problem:([\w-]+)/g, serve),
    ...[...problems.matchAll(/make\(\s*\d+,\s*'([\w-]+)'/g)].map((match) => match[1]),
    ...[...problems.matchAll(/(?:\bFST_\w+: |\] \?\? )'([a-z-]+)'/g)].map((match) => match[1]),
  ]);
  sections.set(
    'Disk and permissions',
    found(/^ {2}(E[A-Z]{3,}): ['`]/gm, /train-all\/src\/errors/),
  );
  for (const { path, text } of sources) {
    // What is neither in a file of errors nor exported is caught inside its package.
    const known = path.startsWith('apps/') || path.endsWith('/errors.ts');
    const exported = known ? null : read(path.replace(/src\/.*/, 'src/index.ts'));
    for (const [, name] of text.matchAll(/^export class (\w+(?:Error|Stop)) extends /gm)) {
      if (exported !== null && !new RegExp(`\\b${name}\\b`).test(exported)) continue;
      const unions = [
        ...text.matchAll(/^export type \w+(?:Tag|Kind|Reason) =([^;]*);/gm),
        ...text.matchAll(/readonly reason: ('[^,]*),/g),
      ];
      // A class that stands for one kind of another is told with it.
      const base = new RegExp(`class ${name} extends Error\\b`).test(text);
      const kinds = base ? unions.flatMap(([, members]) => quoted(members)) : [];
      sections.set(name, kinds);
    }
  }
  return sections;
}

/** The first cells of the tables under each heading of the page. */
function told() {
  const sections = new Map();
  let here = null;
  const lines = read(PAGE).split('\n');
  for (const [n, line] of lines.entries()) {
    const heading = /^##+ (.+)$/.exec(line)?.[1].replaceAll('`', '');
    if (heading !== undefined) {
      here = [];
      for (const name of heading.split(', ')) sections.set(name, here);
    } else if (/^\| `/.test(line) && !/^\| -/.test(lines[n + 1] ?? '')) {
      const [, cell] = line.split('|');
      here?.push(...[...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
    }
  }
  return sections;
}

const faults = [];
const page = told();
for (const [name, wanted] of expected()) {
  const entries = page.get(name);
  if (entries === undefined) {
    faults.push(`expected a heading ${name}. Received: none`);
    continue;
  }
  const unique = [...new Set(wanted)];
  for (const entry of unique)
    if (!entries.includes(entry))
      faults.push(`${name}: expected a row \`${entry}\`, which the sources have. Received: none`);
  if (unique.length > 0)
    for (const entry of entries)
      if (!unique.includes(entry))
        faults.push(`${name}: expected what the sources have. Received: a row \`${entry}\``);
}

if (faults.length > 0) {
  process.stderr.write(`${faults.map((fault) => `${PAGE}: ${fault}`).join('\n')}\n`);
  process.exitCode = 1;
} else process.stdout.write(`${PAGE} tells all errors of the sources\n`);
