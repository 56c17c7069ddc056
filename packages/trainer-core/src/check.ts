import { OptionsError } from './errors.js';

/** What a number has to be, in words and as a test. */
export type Rule = readonly [expected: string, holds: (value: number) => boolean];

export const positive: Rule = ['a number above 0', (value) => value > 0 && value < Infinity];
export const notNegative: Rule = ['a number from 0', (value) => value >= 0 && value < Infinity];
export const share: Rule = ['a number from 0 to 1', (value) => value >= 0 && value <= 1];

/** A whole number that is no smaller than `least`. */
export function wholeFrom(least: number): Rule {
  return [`a whole number from ${least}`, (value) => Number.isInteger(value) && value >= least];
}

/** Lets a number pass that is missing or keeps the rule. @throws OptionsError for others. */
export function check(name: string, value: number | undefined, [expected, holds]: Rule): void {
  if (value !== undefined && !holds(value)) {
    throw new OptionsError(`Expected ${name} to be ${expected}. Received: ${value}.`);
  }
}
