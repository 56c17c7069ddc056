// Blocks of TypeScript and JavaScript as files: checked all at once as a user's strict project would, then run one by one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What a project of a user would set; the sources stand for the built packages. */
const OPTIONS = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  customConditions: ['@arctic/source'],
  strict: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
};

/** A block and those that it continues, as one piece of code whose lines know where they come from. */
export function linesOf(block) {
  const before = block.previous === undefined ? [] : linesOf(block.previous);
  const at = `${block.file}:${block.line - 1}`;
  return [...before, ...block.rules.setUp.map((code) => ({ code, at })), ...block.lines];
}

/** The name that a block gives its file in its first line, such as `// prepare.ts`. */
export const ownName = ({ lines }) => /^\/\/ ([\w-]+\.[mc]?[jt]s)$/.exec(lines[0]?.code ?? '')?.[1];

/** Writes the blocks of all pages into `folder` and gives each its `path`. */
export function writePrograms(folder, blocks) {
  for (const block of blocks) {
    // Examples of a package lie together: one may be the module that another loads.
    const [, place, rest] = /^(packages\/[^/]+\/src)\/(.+)$/.exec(block.file) ?? [
      '',
      block.file,
      '',
    ];
    const page = join(folder, place.replaceAll('/', '-').replace(/\.md$/, ''));
    const start = rest.replaceAll('/', '-').replace(/ts$/, '');
    const name = `${start}block-${block.line}.${block.language === 'ts' ? 'ts' : 'js'}`;
    block.path = join(page, ownName(block) ?? name);
    mkdirSync(page, { recursive: true });
    // Without an import or export it would be a script whose names are everybody's.
    const code = linesOf(block).map((line) => line.code);
    writeFileSync(block.path, `${code.join('\n')}\nexport {};\n`);
  }
}

/** What is wrong with the types of each block, by the places in the docs. */
export function checkTypes(copy, blocks) {
  const host = ts.createCompilerHost(OPTIONS);
  host.getCurrentDirectory = () => copy;
  const paths = blocks.map(({ path }) => path);
  const program = ts.createProgram({ rootNames: paths, options: OPTIONS, host });
  return new Map(
    blocks.map((block) => {
      const source = program.getSourceFile(block.path);
      const lines = linesOf(block);
      const wrong = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ].map(({ start = 0, code, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start);
        const text = ts.flattenDiagnosticMessageText(messageText, '\n  ');
        return `${lines[line]?.at ?? block.file}: TS${code}: ${text}`;
      });
      return [block, wrong];
    }),
  );
}

/** The value that a comment such as `// [1, 7]` or `// 664, beside the pole` tells, if it tells one. */
function valueTold(text) {
  for (const part of [text, text.split(/[,;:] (?=[a-z'])/)[0]]) {
    if (!/^([-[{'"\d]|true\b|false\b|null\b)/.test(part)) continue;
    try {
      return { literal: part, value: new Function(`return (${part});`)() };
    } catch {
      // Words for people.
    }
  }
  return undefined;
}

/**
 * The program with a check after every `EXPRESSION; // VALUE` and `console.log(EXPRESSION); // VALUE` at its top level:
 * what the docs say comes out has to come out.
 */
function withChecks(block) {
  const lines = linesOf(block);
  const code = lines.map((line) => line.code).join('\n');
  const source = ts.createSourceFile('block.ts', code, ts.ScriptTarget.ES2023, true);
  let checked = code;
  let checks = 0;
  for (const statement of source.statements.toReversed()) {
    if (!ts.isExpressionStatement(statement)) continue;
    const rest = code.slice(statement.end).split('\n')[0];
    const told = valueTold(/^ *\/\/ (.+)$/.exec(rest)?.[1]?.trim() ?? '');
    if (told === undefined) continue;
    const { expression } = statement;
    const logged =
      ts.isCallExpression(expression) && expression.expression.getText() === 'console.log';
    if (logged && expression.arguments.length !== 1) continue;
    const target = logged ? expression.arguments[0] : expression;
    const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
    const call = `__told(${target.getText()}, ${told.literal}, '${lines[line].at}')`;
    const { start, end } = { start: target.getStart(), end: target.end };
    checked = checked.slice(0, start) + call + checked.slice(end);
    checks++;
  }
  const header =
    checks === 0
      ? ''
      : `import { isDeepStrictEqual as __same, inspect as __show } from 'node:util';
const __told = (value: any, told: any, at: string) => {
  const plain = (v: any) => (v === undefined ? v : JSON.parse(JSON.stringify(v)));
  if (!__same(plain(value), plain(told)))
    throw new Error(at + ': the docs say ' + __show(told) + '. Received: ' + __show(value));
  return value;
};
`;
  return `${header}${checked}\nexport {};\n`;
}

/** Makes the file that is run of a block, and returns its path. */
export function writeRunnable(block) {
  const path = block.path.replace(/([^/]+)\.[jt]s$/, 'run-$1.ts');
  writeFileSync(path, withChecks(block));
  return path;
}
