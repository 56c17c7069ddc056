import { isoDate, type Placement, type RasterFile } from '@arctic/raster';
import { sourceEntry } from '../catalogue.js';
import { DataRealError } from '../errors.js';
import { inputFiles } from '../input-files.js';
import { MAX_CONCENTRATION_CODE } from '../nsidc-file.js';
import { readSeries } from '../series/read-series.js';
import { gridShape, type Hemisphere } from '../polar-stereographic.js';
import { flatVariable } from './flat-variable.js';
import { parseNsidcName } from '../nsidc-name.js';

/** How the cells of one of NSIDC's 25 km grids lie. */
export function nsidcPlacement(hemisphere: Hemisphere, rowAxis: number): Placement {
  const { crs, transform } = gridShape(hemisphere);
  return {
    rowAxis,
    columnAxis: rowAxis + 1,
    rowsFromSouth: false,
    columnsFromEast: false,
    crs,
    transform,
  };
}

/**
 * A binary file of NSIDC-0051 or NSIDC-0081, or a folder or archive of them, as a file of one
 * variable `sea_ice_concentration` ([H,W] of a file, else [T,H,W]): fraction 0..1, NaN under the flags 251 to 255.
 *
 * The codes of a whole archive lie in memory, 136 kB a step.
 *
 * @throws DataRealError as `openSource`
 */
export async function openNsidcBinary(input: string): Promise<RasterFile> {
  const source = await sourceIn(input);
  const series = await readSeries(
    { source, input, firstDay: -Infinity, lastDay: Infinity },
    () => undefined,
  );
  const { height, width, crs, transform } = gridShape(series.hemisphere);
  const data = new Uint8Array(series.fields.length * height * width);
  series.fields.forEach(({ codes }, t) => {
    if (codes) data.set(codes, t * height * width);
  });
  // One file is one field; a folder or archive has an axis of time, if of one step.
  const loose = parseNsidcName(input) !== undefined;
  const times = series.fields.map(({ day }) => `${isoDate(day)}T00:00:00Z`);
  const { title, citation, licence, link } = sourceEntry(source);
  const variable = flatVariable(data, {
    path: input,
    name: 'sea_ice_concentration',
    dims: loose ? ['y', 'x'] : ['time', 'y', 'x'],
    shape: loose ? [height, width] : [times.length, height, width],
    dtype: 'uint8',
    units: '1',
    placement: nsidcPlacement(series.hemisphere, loose ? 0 : 1),
    times,
    decoding: {
      scale: 1 / MAX_CONCENTRATION_CODE,
      offset: 0,
      missing: [],
      validMin: 0,
      validMax: MAX_CONCENTRATION_CODE,
    },
    attributes: { standard_name: 'sea_ice_area_fraction' },
  });
  return {
    path: input,
    format: 'flat-binary',
    crs,
    transform,
    times,
    variables: [variable],
    attributes: { title, citation, licence, link },
    close: () => Promise.resolve(),
  };
}

/** The product of the first file in a folder or archive that carries such a name. */
async function sourceIn(input: string): Promise<'nsidc-0081' | 'nsidc-0051'> {
  for await (const { path } of inputFiles(input, (name) => parseNsidcName(name) !== undefined)) {
    const source = parseNsidcName(path)?.source;
    if (source === 'nsidc-0081' || source === 'nsidc-0051') return source;
  }
  throw new DataRealError(
    'NoData',
    `${input}: expected binary files of NSIDC-0051 or NSIDC-0081, such as nt_20160101_f17_nrt_n.bin. Received: no file with such a name. Check the input.`,
  );
}
