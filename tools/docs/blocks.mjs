// The fenced code blocks of a markdown text, each with what the comments right before it say of how it is run.
import { URL } from 'node:url';
import { fromMarkdown } from 'mdast-util-from-markdown';

/** Names of languages, and how the blocks in them are treated. */
const LANGUAGES = {
  sh: 'sh',
  bash: 'sh',
  ts: 'ts',
  tsx: 'ts',
  mts: 'ts',
  typescript: 'ts',
  js: 'js',
  mjs: 'js',
  javascript: 'js',
  json: 'json',
  html: 'html',
};

const RULES = {
  background: /^background$/,
  continues: /^continues$/,
  types: /^types$/,
  notHere: /^not here, (?<notHere>.+)$/s,
  needs: /^needs (?<needs>[\w.-]+(?:, *[\w.-]+)*)$/,
  expect: /^expect (?<failure>failure )?"(?<expect>.+)"$/s,
};

/**
 * What `<!-- run: … -->` comments say, the first line of each; further lines are code that goes before the block,
 * unseen by readers. Unknown rules come back in `faults`.
 */
export function readRules(comments) {
  const rules = { faults: [], setUp: [] };
  for (const comment of comments) {
    const [first = '', ...setUp] = comment.split('\n');
    rules.setUp.push(...setUp);
    if (first.trim() === '') continue;
    const name = Object.keys(RULES).find((each) => RULES[each].test(first.trim()));
    if (name === undefined) {
      rules.faults.push(
        `expected one of ${Object.keys(RULES).join(', ')}. Received: run: ${first}`,
      );
      continue;
    }
    const { notHere, needs, expect, failure } = RULES[name].exec(first.trim()).groups ?? {};
    if (notHere) rules.notHere = notHere;
    else if (needs) rules.needs = needs.split(/, */);
    else if (expect) Object.assign(rules, { expect, failure: Boolean(failure) });
    else rules[name] = true;
  }
  return rules;
}

/** The texts of all `<!-- run: … -->` in a piece of markdown. */
export const ruleComments = (markdown) =>
  [...markdown.matchAll(/<!--\s*run:[ \t]*([\s\S]*?)\s*-->/g)].map(([, text]) => text);

/** The blocks of a text in order: `{ file, line, language, lines, rules }`, line being that of the first line of code. */
export function blocksOf(file, text) {
  const blocks = [];
  const visit = (node) => {
    let comments = [];
    for (const child of node.children ?? []) {
      if (child.type === 'code') {
        const language = LANGUAGES[(child.lang ?? '').toLowerCase()];
        const line = child.position.start.line + 1;
        const rules = readRules(comments);
        const lines = child.value
          .split('\n')
          .map((code, n) => ({ code, at: `${file}:${line + n}` }));
        if (language !== undefined) blocks.push({ file, line, language, lines, rules });
      }
      comments = child.type === 'html' ? [...comments, ...ruleComments(child.value)] : [];
      visit(child);
    }
  };
  visit(fromMarkdown(text));
  return blocks;
}

/** Links to elsewhere whose form is wrong: what is no address. */
export function wrongLinks(file, text) {
  const wrong = [];
  const visit = (node) => {
    const { url } = node;
    if (typeof url === 'string' && /^[a-z][a-z+.-]*:/i.test(url)) {
      const known =
        URL.canParse(url) &&
        /^(https?:\/\/(127\.0\.0\.1(:\d+)?|[^/]+\.[a-z]{2,})(\/|$|\?|#)|mailto:.+@.+)/i.test(url);
      if (!known)
        wrong.push(
          `${file}:${node.position.start.line}: expected an address of the web. Received: ${url}`,
        );
    }
    for (const child of node.children ?? []) visit(child);
  };
  visit(fromMarkdown(text));
  return wrong;
}
