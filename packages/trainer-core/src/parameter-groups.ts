import { check, notNegative, positive } from './check.js';
import { OptionsError } from './errors.js';
import type { Parameter } from './task.js';

/** Parameters that are trained otherwise than the rest. */
export interface ParameterGroup {
  /**
   * Beginning of the names of the parameters, or a pattern that they fit. With `'layer1'`, those of
   * `layer10` belong to it too; `'layer1.'` says which is meant.
   */
  readonly match: string | RegExp;
  /** What the learning rate of every step is multiplied by. @default 1 */
  readonly learningRateScale?: number;
  /**
   * Weight decay of all parameters of the group, those without `decay` included.
   * @default the optimizer's, for parameters with `decay` only
   */
  readonly weightDecay?: number;
}

/** What every optimizer takes. */
export interface GroupOptions {
  /** Parameters with a rate or a decay of their own; the first group that matches counts. @default none */
  readonly groups?: readonly ParameterGroup[];
}

/** A parameter that an optimizer changes, and how. */
export interface Trained {
  readonly parameter: Parameter;
  /** What its learning rate is multiplied by. */
  readonly scale: number;
  /** Its weight decay. */
  readonly decay: number;
}

/**
 * The trainable parameters with their own rates and decay.
 *
 * @param weightDecay Of parameters with `decay` that no group says more about.
 * @throws OptionsError when a group matches no parameter or its numbers make no sense.
 */
export function trainedWith(
  parameters: readonly Parameter[],
  weightDecay: number,
  groups: readonly ParameterGroup[] = [],
): readonly Trained[] {
  for (const { match, learningRateScale, weightDecay: decay } of groups) {
    check('groups.learningRateScale', learningRateScale, notNegative);
    check('groups.weightDecay', decay, notNegative);
    if (!parameters.some(({ name }) => fitsName(name, match))) {
      const names = parameters.slice(0, 5).map(({ name }) => name);
      throw new OptionsError(
        `Expected groups.match to fit the name of a parameter. Received: ${String(match)}; ` +
          `parameters are called ${names.join(', ')}${parameters.length > 5 ? ', …' : ''}.`,
      );
    }
  }
  return parameters
    .filter(({ trainable }) => trainable)
    .map((parameter) => {
      const group = groups.find(({ match }) => fitsName(parameter.name, match));
      return {
        parameter,
        scale: group?.learningRateScale ?? 1,
        decay: group?.weightDecay ?? (parameter.decay ? weightDecay : 0),
      };
    });
}

/**
 * Groups for layer-wise learning rates: the last layer has the full rate, each one before it
 * `factor` times that of the next. Parameters of none of the layers have the full rate.
 *
 * @param prefixes Beginnings of the parameters' names, from the first layer to the last. Where
 * several fit, the longest counts.
 * @throws OptionsError when `factor` is not above 0.
 * @example
 * const groups = layerwiseRates(['stem.', 'layer1.', 'layer2.', 'head.'], 0.5); // ⅛, ¼, ½, 1
 */
export function layerwiseRates(
  prefixes: readonly string[],
  factor: number,
): readonly ParameterGroup[] {
  check('factor', factor, positive);
  return prefixes
    .map((match, i) => ({ match, learningRateScale: factor ** (prefixes.length - 1 - i) }))
    .sort((a, b) => b.match.length - a.match.length);
}

/** Whether a name begins with `match` or has a place that fits the pattern. */
export function fitsName(name: string, match: string | RegExp): boolean {
  return typeof match === 'string' ? name.startsWith(match) : name.search(match) >= 0;
}
