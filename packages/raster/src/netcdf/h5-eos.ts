import { parseStructMetadata } from '../hdf4/hdf-eos.js';
import { identifyCrs } from '../crs/crs.js';
import type { Placement } from '../raster-file.js';
import { attributeValue } from './h5/attributes.js';
import { datasetLoader, chunkCache } from './h5/dataset.js';
import type { H5Dataset, H5File } from './h5/h5-file.js';

const INFORMATION = 'HDFEOS INFORMATION';
const METADATA = /^StructMetadata\.(\d+)$/;

/**
 * What HDF-EOS5 says of its grids, by the paths of the fields, as products of AMSR2 and MODIS have
 * it; empty for other files.
 *
 * @throws RasterError `DamagedFile`
 */
export async function eosPlacements(
  file: H5File,
): Promise<ReadonlyMap<string, Partial<Placement>>> {
  const placements = new Map<string, Partial<Placement>>();
  const text = await structMetadata(file);
  if (text === '') return placements;
  const grids = new Map(
    // The same text as HDF-EOS2 writes, but for a mark before its words.
    parseStructMetadata(text.replaceAll('HE5_', '')).flatMap((part) =>
      part.kind === 'grid' ? [[part.name, part] as const] : [],
    ),
  );
  for (const { group, name } of file.datasets) {
    const [top, kind, gridName = ''] = group;
    const grid = grids.get(gridName);
    if (top !== 'HDFEOS' || kind !== 'GRIDS' || !grid) continue;
    placements.set([...group, name].join('/'), {
      crs: grid.definition && identifyCrs(grid.definition),
      transform: grid.transform,
      rowsFromSouth: grid.rowsFromSouth,
    });
  }
  return placements;
}

/** The text, which long ones have in several parts. */
async function structMetadata(file: H5File): Promise<string> {
  const parts = file.datasets
    .filter(({ group, name }) => group.join('/') === INFORMATION && METADATA.test(name))
    .sort((a, b) => partNumber(a) - partNumber(b));
  let text = '';
  for (const { header, address } of parts) {
    const shape = header.space.shape ?? [0];
    const load = datasetLoader(file.blocks, header, chunkCache(), String(address));
    const bytes = await load({ start: shape.map(() => 0), count: shape });
    const value = await attributeValue(file.heap, { type: header.type, shape, bytes }, file.blocks);
    if (value && 'strings' in value) text += value.strings.join('');
  }
  return text;
}

function partNumber({ name }: H5Dataset): number {
  return Number(METADATA.exec(name)?.[1] ?? 0);
}
