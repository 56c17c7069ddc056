import { basename } from 'node:path';

/** Name of the folder that results of a model on some data go to. */
export function resultName(verb: 'evaluate' | 'predict', model: string, input: string): string {
  return `${verb}-${basename(model)}-${basename(input).replace(/[^\w.-]/g, '_')}`;
}
