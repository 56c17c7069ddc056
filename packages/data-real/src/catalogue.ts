import { CHARTS } from './catalogue/charts.js';
import { CONCENTRATION } from './catalogue/concentration.js';
import { IMAGERY } from './catalogue/imagery.js';
import { NSIDC } from './catalogue/nsidc.js';
import type { SourceEntry } from './catalogue/source-entry.js';
import { DataRealError } from './errors.js';

export type {
  SourceEntry,
  SourceKind,
  SourceName,
  SourceProduct,
} from './catalogue/source-entry.js';

/** Every source there is: what it holds, how to cite it, how to get it. */
export const catalogue: readonly SourceEntry[] = [
  ...NSIDC,
  ...CONCENTRATION,
  ...IMAGERY,
  ...CHARTS,
];

/**
 * The catalogue entry of a source.
 *
 * @throws DataRealError `InvalidOption` where there is none of that name.
 */
export function sourceEntry(name: string): SourceEntry {
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const names = catalogue.map((candidate) => candidate.name).join(', ');
  throw new DataRealError(
    'InvalidOption',
    `Expected a source out of: ${names}. Received: ${JSON.stringify(name)}. Take one of these names.`,
  );
}
