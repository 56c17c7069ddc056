import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  contourLines,
  feature,
  gridOf,
  isGeographic,
  openRaster,
  polygonAreaKm2,
  polygonise,
  toLonLat,
  warpRows,
  writeGeoJson,
  writeGeoTiff,
  writeNetCdf,
  type ControlPoint,
  type Feature,
  type GeoTiffBand,
  type GeoTiffSource,
  type Grid,
  type GridVariable,
  type RasterFile,
  type RasterVariable,
  type Transform,
} from '@arctic/raster';
import { InferenceError } from '../errors.js';

/** One prediction as a map: classes, or a field per time. */
export interface MapLayer {
  /** Name of the variable, letters and underscores. */
  readonly name: string;
  /** What it is, as a sentence for people. */
  readonly longName: string;
  readonly standardName?: string;
  readonly units: string | null;
  readonly width: number;
  readonly height: number;
  readonly crs: string | null;
  readonly transform: Transform | null;
  /** Pixels of known place, of a layer without a transform. @default none */
  readonly controlPoints?: readonly ControlPoint[];
  /** ISO 8601, one per band; null where the time is unknown. */
  readonly times: readonly string[] | null;
  readonly dtype: 'uint8' | 'float32';
  readonly nodata: number;
  /** Bands of different things, the classes first. @default one per time */
  readonly bands?: readonly GeoTiffBand[];
  /** Classes by number; a layer without them is a field. */
  readonly classes?: readonly { readonly value: number; readonly meaning: string }[];
  /** Classes whose outlines go into the GeoJSON. @default all */
  readonly outlined?: readonly number[];
  /** Value whose contour goes into the GeoJSON of a field, such as 0.15 for the ice edge. */
  readonly level?: number;
  /** What made it, from what, for the files' attributes. */
  readonly source: string;
  /** [rowCount,W,bands] from the top to the bottom. */
  readonly rows: GeoTiffSource['rows'];
}

/** The kinds of file that a layer is written as; the GeoTIFF, which the others are made from, always is. */
export type MapFormat = 'tif' | 'nc' | 'geojson';

/** Another grid for the maps than that of the input. */
export interface TargetGrid {
  /** Such as `EPSG:3413`. */
  readonly crs: string;
  readonly pixelSizeM: number;
}

/** Metres of a degree of latitude, about. */
const METRES_PER_DEGREE = 111_195;

/** Pixels that are outlined at most; larger maps are outlined from an overview. */
const MOST_OUTLINED = 16e6;

/**
 * Writes a layer as Cloud-Optimized GeoTIFF, CF NetCDF and, where it has a place on earth, GeoJSON:
 * `NAME.tif`, `NAME.nc`, `NAME.geojson`. No more of it is in memory than some rows.
 *
 * @returns the paths written.
 * @throws RasterError; InferenceError for a target grid that the layer cannot be put on.
 */
export async function writeMaps(
  folder: string,
  name: string,
  layer: MapLayer,
  onRows: (done: number) => void = () => undefined,
  formats: readonly MapFormat[] = ['tif', 'nc', 'geojson'],
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const tif = join(folder, `${name}.tif`);
  await writeGeoTiff(
    tif,
    {
      height: layer.height,
      width: layer.width,
      dtype: layer.dtype,
      crs: layer.crs,
      transform: layer.transform,
      controlPoints: layer.controlPoints ?? [],
      nodata: layer.nodata,
      units: layer.units,
      bands: bandsOf(layer),
      rows: layer.rows,
    },
    { onProgress: ({ done }) => onRows(done) },
  );
  const written = [tif];
  const file = await openRaster(tif);
  try {
    if (formats.includes('nc'))
      written.push(await writeCf(join(folder, `${name}.nc`), layer, file));
    if (formats.includes('geojson') && layer.crs !== null && layer.transform !== null) {
      const path = join(folder, `${name}.geojson`);
      await writeGeoJson(path, layer.classes ? outlines(layer, file) : edges(layer, file), {
        name,
      });
      written.push(path);
    }
  } finally {
    await file.close();
  }
  return written;
}

/**
 * The wanted grid where it covers a layer; of degrees the pixel is as high as so many metres.
 *
 * @throws InferenceError without a place; RasterError for a CRS or grid that is none.
 */
export function gridFor({ height, width, ...layer }: MapLayer, target: TargetGrid): Grid {
  const { crs, pixelSizeM } = target;
  if (layer.crs === null || layer.transform === null)
    throw new InferenceError(
      `--crs ${crs}: expected an input with rows and columns along the axes of its CRS. Received: one without a place, or that lies askew. Put it on a grid first, e.g. with gdalwarp`,
    );
  const pixelSize = isGeographic(crs) ? pixelSizeM / METRES_PER_DEGREE : pixelSizeM;
  const { transform } = layer;
  return gridOf({ crs: layer.crs, transform, height, width }, crs, { pixelSize });
}

/**
 * The maps of a layer whose GeoTIFF is written already, on another grid of the same place: classes
 * by the nearest pixel, fields by interpolation; window by window.
 *
 * @param path - GeoTIFF that `writeMaps` wrote for `layer`.
 * @param grid - see `gridFor`.
 * @throws RasterError
 */
export async function writeMapsOnGrid(
  folder: string,
  name: string,
  layer: MapLayer,
  path: string,
  grid: Grid,
): Promise<readonly string[]> {
  const file = await openRaster(path);
  try {
    const method = layer.classes ? 'nearest' : 'bilinear';
    const bands = file.variables.map((band) => warpRows(band, { ...grid, method }));
    return await writeMaps(folder, name, {
      ...layer,
      ...grid,
      async rows(firstRow, rowCount) {
        const size = rowCount * grid.width * bands.length;
        const out = layer.dtype === 'uint8' ? new Uint8Array(size) : new Float32Array(size);
        for (const [b, band] of bands.entries()) {
          const values = await band.rows(firstRow, rowCount);
          values.forEach((value, i) => {
            out[i * bands.length + b] = Number.isNaN(value) ? layer.nodata : value;
          });
        }
        return out;
      },
    });
  } finally {
    await file.close();
  }
}

function bandsOf(layer: MapLayer): readonly GeoTiffBand[] {
  if (layer.bands) return layer.bands;
  const times = layer.times ?? [null];
  return times.map((time, i) => ({
    name: times.length === 1 ? layer.name : `${layer.name}_${i + 1}`,
    description: layer.classes
      ? layer.classes.map(({ value, meaning }) => `${value} ${meaning}`).join(', ')
      : layer.longName,
    ...(time === null ? {} : { time }),
  }));
}

/** The NetCDF file of a layer, its rows taken from the GeoTIFF. */
async function writeCf(path: string, layer: MapLayer, file: RasterFile): Promise<string> {
  const { width, name, longName, standardName, units, classes, dtype, nodata } = layer;
  const further = (layer.bands ?? []).slice(1).map((band, i): GridVariable => ({
    name: band.name,
    dtype,
    overTime: false,
    units: '1',
    longName: band.description ?? band.name,
    fill: nodata,
    ...(band.scale === undefined ? {} : { scale: band.scale }),
    rows: (_, firstRow, rowCount) =>
      (file.variables[i + 1] as RasterVariable).readStored({
        start: [firstRow, 0],
        count: [rowCount, width],
      }), // a variable per band was written
  }));
  const variable: GridVariable = {
    name,
    dtype,
    overTime: layer.times !== null,
    units,
    longName,
    ...(standardName === undefined ? {} : { standardName }),
    fill: nodata,
    ...(classes === undefined ? {} : { flags: classes }),
    rows: (step, firstRow, rowCount) =>
      (file.variables[step] as RasterVariable).readStored({
        start: [firstRow, 0],
        count: [rowCount, width],
      }), // a band per step was written
  };
  await writeNetCdf(path, {
    height: layer.height,
    width,
    crs: layer.crs,
    transform: layer.transform,
    times: layer.times,
    variables: [variable, ...further],
    attributes: { title: longName, source: layer.source },
  });
  return path;
}

/** Outlines of the classes, in longitude and latitude, with true areas. */
async function* outlines(layer: MapLayer, file: RasterFile): AsyncGenerator<Feature> {
  const crs = layer.crs as string; // checked by the caller
  const [band] = file.variables as [RasterVariable]; // the class map was written
  const small = (variable: RasterVariable) =>
    variable.shape.reduce((product, length) => product * length, 1) <= MOST_OUTLINED;
  const source = [band, ...band.overviews].find(small) ?? band;
  const [height = 0, width = 0] = source.shape;
  const [x0, dx, , y0, , dy] = layer.transform as Transform; // checked by the caller
  const transform: Transform = [
    x0,
    (dx * layer.width) / width,
    0,
    y0,
    0,
    (dy * layer.height) / height,
  ];
  const data = Uint8Array.from(await source.readStored());
  const values = layer.outlined ?? layer.classes?.map(({ value }) => value) ?? [];
  for (const { value, cells, geometry } of polygonise(data, height, width, { transform, values })) {
    const rings = geometry.coordinates.map((ring) => Float64Array.from(ring.flat()));
    yield feature(toLonLat(geometry, crs), {
      class: layer.classes?.find((one) => one.value === value)?.meaning ?? `${value}`,
      value,
      pixels: cells,
      areaKm2: Number(polygonAreaKm2(rings, crs).toPrecision(7)),
      ...(layer.times?.[0] === undefined ? {} : { time: layer.times[0] }),
    });
  }
}

/** The contour of a field at its level, a feature per time. */
async function* edges(layer: MapLayer, file: RasterFile): AsyncGenerator<Feature> {
  const { level = 0, crs, transform, height, width, times } = layer;
  for (const [i, band] of file.variables.entries()) {
    const { data } = await band.read();
    const lines = contourLines(data, height, width, level, transform as Transform); // checked by the caller
    yield feature(toLonLat(lines, crs as string), {
      level,
      lead: i + 1,
      ...(times?.[i] === undefined ? {} : { time: times[i] }),
    });
  }
}
