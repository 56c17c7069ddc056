import type { FreezeOptions } from './options.js';
import type { Parameter } from './task.js';

/** The parameters that are trained in an epoch (from 1): those that are trainable and not frozen. */
export function trainedIn(
  epoch: number,
  parameters: readonly Parameter[],
  freeze: readonly FreezeOptions[] = [],
): readonly Parameter[] {
  const frozen = freeze.filter(({ epochs = Infinity }) => epoch <= epochs);
  return parameters.filter(
    ({ name, trainable }) => trainable && !frozen.some(({ match }) => fits(name, match)),
  );
}

function fits(name: string, match: string | RegExp): boolean {
  return typeof match === 'string' ? name.startsWith(match) : name.search(match) >= 0;
}
