import {
  makeVariable,
  openRaster,
  type Placement,
  type RasterFile,
  type RasterVariable,
  type Region,
} from '@arctic/raster';
import { join } from 'node:path';
import { DataRealError } from '../errors.js';
import { controlPointsOf, geolocationOf, type GeolocationGrid } from './geolocation.js';
import { LookupTable } from './lookup-table.js';
import { noiseOf, type NoiseRow } from './noise.js';
import { filesBelow, safeFolderAt } from './safe-folder.js';
import { childrenAt, numberAt, readXml, textAt, type XmlNode } from './xml.js';

export interface OpenSentinel1Options {
  /** Which table the backscatter is calibrated with. @default 'sigma0' */
  readonly calibration?: 'sigma0' | 'beta0' | 'gamma0';
  /** @default 'dB' */
  readonly unit?: 'dB' | 'linear';
  /** Whether the thermal noise is taken off. @default true */
  readonly denoise?: boolean;
}

/** An open Sentinel-1 product. */
export interface Sentinel1File extends RasterFile {
  readonly geolocation: GeolocationGrid;
}

const TABLES = { sigma0: 'sigmaNought', beta0: 'betaNought', gamma0: 'gamma' } as const;

/** One polarisation: its annotation files and, where it came along, its image. */
interface Channel {
  readonly polarisation: string;
  readonly path: string;
  readonly product: XmlNode;
  readonly calibration: LookupTable;
  readonly noise: NoiseRow | null;
  readonly measurement: string | null;
  readonly height: number;
  readonly width: number;
}

/**
 * Opens a Sentinel-1 GRD product (SAFE folder or its `manifest.safe`): a variable per polarisation,
 * `sigma0_hh` …, [H,W] in the geometry of the acquisition, computed when read:
 * `10 log10((DN² − noise) / A²)` with the calibration and thermal-noise tables of the annotation;
 * NaN where there is no signal above the noise. `geolocation` and control points say where it lies.
 *
 * A folder without its images gives the tables instead, on their own grid: `sigma0_table_hh`,
 * `noise_hh`, `latitude`, `longitude`, `incidence_angle`.
 *
 * References: ESA, Sentinel-1 Level 1 Detailed Algorithm Definition, S1-TN-MDA-52-7445; MPC-0392.
 *
 * @throws DataRealError `MissingInput`, `UnsupportedFormat`, `DamagedFile`; RasterError of the image.
 */
export async function openSentinel1(
  path: string,
  options: OpenSentinel1Options = {},
): Promise<Sentinel1File> {
  const safe = await safeFolderAt(path);
  if (safe?.kind !== 'sentinel-1') {
    throw new DataRealError(
      'MissingInput',
      `${path}: expected a Sentinel-1 product folder with manifest.safe and annotation. Received: something else. Unpack the product and name its folder.`,
    );
  }
  const channels = await channelsOf(safe.folder, options);
  const [first] = channels;
  if (!first) {
    throw new DataRealError(
      'MissingInput',
      `${path}: expected annotation files of a GRD product. Received: none. Download the product again.`,
    );
  }
  const geolocation = geolocationOf(first.path, first.product);
  const placement: Placement = {
    rowAxis: 0,
    columnAxis: 1,
    rowsFromSouth: false,
    columnsFromEast: false,
    crs: 'EPSG:4326',
    transform: null,
    controlPoints: controlPointsOf(geolocation),
  };
  const times = timesOf(first.product);
  const opened: RasterFile[] = [];
  const variables: RasterVariable[] = [];
  try {
    for (const channel of channels) {
      if (channel.measurement === null) continue;
      const image = await openRaster(channel.measurement);
      opened.push(image);
      variables.push(backscatter(channel, image, placement, times, options));
    }
  } catch (error) {
    for (const file of opened) await file.close();
    throw error;
  }
  if (variables.length === 0) variables.push(...tables(channels, geolocation, times));
  return {
    path,
    format: 'geotiff',
    crs: 'EPSG:4326',
    transform: null,
    times,
    variables,
    attributes: {
      mission: textAt(first.product, 'adsHeader', 'missionId') ?? '',
      mode: textAt(first.product, 'adsHeader', 'mode') ?? '',
    },
    geolocation,
    async close() {
      for (const file of opened) await file.close();
    },
  };
}

async function channelsOf(folder: string, options: OpenSentinel1Options): Promise<Channel[]> {
  const annotation = join(folder, 'annotation');
  const products: { path: string; root: XmlNode }[] = [];
  const calibrations: { path: string; root: XmlNode }[] = [];
  const noises: { path: string; root: XmlNode }[] = [];
  // By what they hold, not by their names: these differ between processors and after unpacking.
  for (const path of await filesBelow(annotation, /\.xml$/i)) {
    if (/rfi/i.test(path)) continue;
    const root = await readXml(path);
    if ('calibrationVectorList' in root) calibrations.push({ path, root });
    else if ('noiseRangeVectorList' in root || 'noiseVectorList' in root)
      noises.push({ path, root });
    else if ('geolocationGrid' in root) products.push({ path, root });
  }
  const images = await filesBelow(join(folder, 'measurement'), /\.tiff?$/i);
  const polarisation = (root: XmlNode) =>
    (textAt(root, 'adsHeader', 'polarisation') ?? '').toLowerCase();
  return products.flatMap(({ path, root }) => {
    const own = polarisation(root);
    const information = ['imageAnnotation', 'imageInformation'] as const;
    const width = numberAt(path, root, ...information, 'numberOfSamples');
    const height = numberAt(path, root, ...information, 'numberOfLines');
    const table = calibrations.find((file) => polarisation(file.root) === own);
    if (!table) {
      throw new DataRealError(
        'DamagedFile',
        `${path}: expected a calibration table of ${own} beside it. Received: none. Download the product again.`,
      );
    }
    const noise = noises.find((file) => polarisation(file.root) === own);
    const vectors = childrenAt(table.root, 'calibrationVectorList', 'calibrationVector');
    const name = TABLES[options.calibration ?? 'sigma0'];
    return {
      polarisation: own,
      path,
      product: root,
      calibration: new LookupTable(table.path, vectors, name, width),
      noise: noise ? noiseOf(noise.path, noise.root, width) : null,
      measurement: images.find((image) => image.toLowerCase().includes(`-${own}-`)) ?? null,
      height,
      width,
    };
  });
}

function backscatter(
  channel: Channel,
  image: RasterFile,
  placement: Placement,
  times: readonly string[],
  { calibration: kind = 'sigma0', unit = 'dB', denoise = true }: OpenSentinel1Options,
): RasterVariable {
  const { calibration, noise, height, width, polarisation } = channel;
  const [band] = image.variables;
  if (!band || band.shape[0] !== height || band.shape[1] !== width) {
    throw new DataRealError(
      'DamagedFile',
      `${image.path}: expected ${height} × ${width} pixels, as the annotation says. Received: ${band?.shape.join(' × ') ?? 'none'}. Download the product again.`,
    );
  }
  return makeVariable({
    path: image.path,
    name: `${kind}_${polarisation}`,
    dims: ['line', 'pixel'],
    shape: [height, width],
    dtype: 'float32',
    units: unit === 'dB' ? 'dB' : '1',
    attributes: { denoised: denoise && noise ? 'yes' : 'no' },
    placement,
    times,
    chunkShape: band.chunkShape,
    async load(region: Region) {
      const [firstLine = 0, firstPixel = 0] = region.start;
      const [lines = 0, pixels = 0] = region.count;
      const numbers = await band.readStored(region);
      const out = new Float32Array(numbers.length);
      for (let row = 0; row < lines; row++) {
        const gain = calibration.row(firstLine + row);
        const floor = denoise ? noise?.(firstLine + row) : undefined;
        for (let column = 0; column < pixels; column++) {
          const i = row * pixels + column;
          const x = firstPixel + column;
          const number = numbers[i] ?? 0;
          const power = (number * number - (floor?.[x] ?? 0)) / (gain[x] ?? NaN) ** 2;
          out[i] =
            number === 0 || !(power > 0) ? NaN : unit === 'dB' ? 10 * Math.log10(power) : power;
        }
      }
      return out;
    },
  });
}

/** The annotation itself, for products without their images. */
function tables(
  channels: readonly Channel[],
  geolocation: GeolocationGrid,
  times: readonly string[],
): RasterVariable[] {
  const variables: RasterVariable[] = [];
  const add = (
    path: string,
    name: string,
    units: string,
    shape: readonly [number, number],
    values: Float64Array,
  ) => {
    variables.push(
      makeVariable({
        path,
        name,
        dims: ['line', 'pixel'],
        shape,
        dtype: 'float64',
        units,
        times,
        load: ({ start: [row = 0, column = 0], count: [rows = 0, columns = 0] }) =>
          Promise.resolve(
            Float64Array.from({ length: rows * columns }, (_, i) => {
              const at = (row + Math.floor(i / columns)) * shape[1] + column + (i % columns);
              return values[at] ?? NaN;
            }),
          ),
      }),
    );
  };
  for (const { path, polarisation, calibration, noise } of channels) {
    const { lines, pixels } = calibration;
    const shape = [lines.length, pixels.length] as const;
    const sampled = (row: (line: number) => Float64Array) =>
      Float64Array.from(
        lines.flatMap((line) => {
          const values = row(line);
          return Array.from(pixels, (pixel) => values[Math.min(pixel, values.length - 1)] ?? NaN);
        }),
      );
    add(
      path,
      `sigma0_table_${polarisation}`,
      '1',
      shape,
      sampled((line) => calibration.row(line)),
    );
    if (noise) add(path, `noise_${polarisation}`, '1', shape, sampled(noise));
  }
  const { lines, pixels, latitude, longitude, incidence } = geolocation;
  const shape = [lines.length, pixels.length] as const;
  const [{ path }] = channels as readonly [Channel]; // the caller has one
  add(path, 'latitude', 'degrees_north', shape, latitude);
  add(path, 'longitude', 'degrees_east', shape, longitude);
  add(path, 'incidence_angle', 'degree', shape, incidence);
  return variables;
}

function timesOf(product: XmlNode): readonly string[] {
  const start = textAt(product, 'adsHeader', 'startTime');
  return start && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(start) ? [`${start.slice(0, 19)}Z`] : [];
}
