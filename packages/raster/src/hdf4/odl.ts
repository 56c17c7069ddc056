/** A group or object of ODL text: values by key, and what lies inside. */
export interface OdlNode {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
  readonly children: readonly OdlNode[];
}

/** Texts nest less than this. */
const DEEPEST = 64;

interface OpenNode {
  readonly name: string;
  readonly values: Map<string, string>;
  readonly children: OpenNode[];
}

/**
 * The tree of an ODL text (`GROUP=…`, `KEY=VALUE`, `END_GROUP=…`), as HDF-EOS and ECS metadata are
 * written. Values stay text, lists with their brackets; what makes no sense is left out.
 */
export function parseOdl(text: string): OdlNode {
  const root: OpenNode = { name: '', values: new Map(), children: [] };
  const open: OpenNode[] = [root];
  for (const [, key = '', value = ''] of text.matchAll(STATEMENT)) {
    const current = open[open.length - 1] ?? root;
    const keyword = key.toUpperCase();
    if (keyword === 'GROUP' || keyword === 'OBJECT') {
      const node: OpenNode = { name: unquoted(value), values: new Map(), children: [] };
      if (open.length < DEEPEST) current.children.push(node);
      open.push(node);
    } else if (keyword === 'END_GROUP' || keyword === 'END_OBJECT') {
      if (open.length > 1) open.pop();
    } else {
      current.values.set(key, value.trim());
    }
  }
  return root;
}

/** `KEY = VALUE`, where a value in brackets or quotes may go on over lines. */
const STATEMENT = /^[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*("[^"]*"|\((?:"[^"]*"|[^")])*\)|[^\r\n]*)/gm;

/** Text without its quotes. */
export function unquoted(value: string): string {
  const text = value.trim();
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text;
}

/** The members of a bracketed list, or the one value. */
export function listOf(value: string | undefined): string[] {
  if (value === undefined) return [];
  const inside = /^\(([^]*)\)$/.exec(value.trim())?.[1] ?? value;
  return inside.split(',').map(unquoted);
}

/** The first node of a name, anywhere below. */
export function findNode(node: OdlNode, name: string): OdlNode | undefined {
  if (node.name === name) return node;
  for (const child of node.children) {
    const found = findNode(child, name);
    if (found) return found;
  }
  return undefined;
}
