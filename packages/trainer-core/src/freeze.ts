import type { FreezeOptions } from './options.js';
import { fitsName } from './parameter-groups.js';
import type { Parameter } from './task.js';

/** The parameters that are trained in an epoch (from 1): those that are trainable and not frozen. */
export function trainedIn(
  epoch: number,
  parameters: readonly Parameter[],
  freeze: readonly FreezeOptions[] = [],
): readonly Parameter[] {
  const frozen = freeze.filter(({ epochs = Infinity }) => epoch <= epochs);
  return parameters.filter(
    ({ name, trainable }) => trainable && !frozen.some(({ match }) => fitsName(name, match)),
  );
}
