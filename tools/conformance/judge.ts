import type { SpecResult } from './suite.js';

/** What is known of the suite: `expected.json`. */
export interface Expected {
  /** Specs that fail, and the cause. */
  readonly differences: readonly { readonly spec: string; readonly why: string }[];
  /** Specs that read files of tfjs-node's repository which its npm package leaves out. */
  readonly needObjects: readonly string[];
}

export interface Judgement {
  readonly passed: number;
  readonly failed: number;
  /** Failures that `expected.json` does not explain. */
  readonly unexplained: readonly SpecResult[];
  /** Explained failures that came. */
  readonly explained: readonly string[];
  /** Explained failures that ran and pass: their entry must go. */
  readonly mended: readonly string[];
  /** Names in `expected.json` that the suite does not have. */
  readonly unknown: readonly string[];
}

/**
 * Compares the results with what is expected of them. Specs that tfjs-node itself leaves out do not count:
 * the suite makes no claim about them.
 */
export function judge(results: readonly SpecResult[], expected: Expected): Judgement {
  const counted = results.filter(({ ignored }) => !ignored);
  const failures = counted.filter(({ status }) => status === 'failed');
  const listed = expected.differences.map(({ spec }) => spec);
  const failing = new Set(failures.map(({ spec }) => spec)); // names repeat within the suite
  const passing = counted.filter(({ status }) => status === 'passed');
  const ran = new Set(passing.map(({ spec }) => spec));
  const all = new Set(results.map(({ spec }) => spec));
  return {
    passed: passing.length,
    failed: failures.length,
    unexplained: failures.filter(({ spec }) => !listed.includes(spec)),
    explained: listed.filter((spec) => failing.has(spec)),
    mended: listed.filter((spec) => ran.has(spec) && !failing.has(spec)),
    unknown: [...listed, ...expected.needObjects].filter((spec) => !all.has(spec)),
  };
}
