// The `@example`s of TSDoc comments, as blocks like those of the markdown pages.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { readRules, ruleComments } from './blocks.mjs';

const parse = (code) => ts.createSourceFile('code.ts', code, ts.ScriptTarget.ES2022, true);

/** What an entry of a package exports by name, which is all that it exports. */
function exportedNames(file) {
  return parse(readFileSync(file, 'utf8')).statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined)
      return statement.exportClause.elements.map(({ name }) => name.text);
    const exported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    return exported && statement.name !== undefined ? [statement.name.text] : [];
  });
}

/** Names that code uses without declaring them. */
function freeNames(code) {
  const used = new Set();
  const declared = new Set();
  const visit = (node) => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const names = parent.name === node;
      if (!names || ts.isShorthandPropertyAssignment(parent)) used.add(node.text);
      else if (!ts.isPropertyAccessExpression(parent) && !ts.isPropertyAssignment(parent))
        declared.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(code));
  return new Set([...used].filter((name) => !declared.has(name)));
}

/** The comments `/** … *\/` of a text as lines without their stars, each with its place. */
function commentsOf(file, text) {
  return [...text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].map((comment) => {
    const first = text.slice(0, comment.index).split('\n').length;
    return comment[0].split('\n').map((line, n) => ({
      code: line.replace(/^\s*\/?\*+\/? ?/, '').replace(/\s*\*\/$/, ''),
      line: first + n,
      at: `${file}:${first + n}`,
    }));
  });
}

/** Lines of an example, fenced or not, and the lines before its fence. */
function exampleIn(lines) {
  const tag = lines.findIndex(({ code }) => /^@\w/.test(code));
  const section = tag < 0 ? lines : lines.slice(0, tag);
  const open = lines.findIndex(({ code }) => code.startsWith('```'));
  if (open < 0 || (tag >= 0 && tag < open)) return { before: [], body: section };
  const close = lines.findIndex(({ code }, n) => n > open && code.startsWith('```'));
  return { before: lines.slice(0, open), body: lines.slice(open + 1, close) };
}

/** The examples in a source. */
export function examplesIn(file, text) {
  return commentsOf(file, text).flatMap((lines) =>
    lines.flatMap(({ code }, n) => {
      if (!/^@example\b/.test(code)) return [];
      const { before, body } = exampleIn(lines.slice(n + 1));
      const rules = readRules(ruleComments(before.map((each) => each.code).join('\n')));
      return [{ file, line: body[0].line, language: 'ts', lines: body, rules }];
    }),
  );
}

/**
 * Adds the imports that an example does without, since it is read on the page of that very function, and declares the
 * names that it takes as given; such a one is not run.
 */
export function complete(block, { entries, given }) {
  const { rules, lines } = block;
  const free = freeNames([...rules.setUp, ...lines.map(({ code }) => code)].join('\n'));
  const added = entries.flatMap(({ from, path }) => {
    const names = exportedNames(path).filter((name) => free.delete(name));
    return names.length === 0 ? [] : [`import { ${names.join(', ')} } from '${from}';`];
  });
  for (const [name, type] of Object.entries(given))
    if (free.has(name)) {
      added.push(`declare const ${name}: ${type};`);
      rules.types = true;
    }
  rules.setUp.unshift(...added);
}
