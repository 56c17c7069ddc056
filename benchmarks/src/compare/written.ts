import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  feature,
  polygonAreaKm2,
  polygonise,
  toLonLat,
  warpRaster,
  writeGeoJson,
  writeGeoTiff,
  writeNetCdf,
  writeZarr,
  type GridDataset,
  type Raster,
  type Transform,
  type WarpOptions,
} from '@arctic/raster';
import ndarray from 'ndarray';
import type { Request } from './request.js';

interface Field {
  readonly crs: string;
  readonly epsg: number;
  readonly transform: Transform;
  readonly height: number;
  readonly width: number;
}

/** Grids across the pole and the dateline. */
const GRIDS: readonly Field[] = [
  {
    crs: 'EPSG:3413',
    epsg: 3413,
    transform: [-3_850_000, 10_000, 0, 5_850_000, 0, -10_000],
    height: 1120,
    width: 760,
  },
  {
    crs: 'EPSG:6931',
    epsg: 6931,
    transform: [-5_400_000, 12_500, 0, 5_400_000, 0, -12_500],
    height: 864,
    width: 864,
  },
  {
    crs: 'EPSG:4326',
    epsg: 4326,
    transform: [-180, 0.25, 0, 90, 0, -0.25],
    height: 240,
    width: 1440,
  },
];

/** A field with fine and coarse structure and holes. */
function valuesOf({ height, width }: Field): Float32Array {
  return Float32Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const hole = (row - height / 3) ** 2 + (column - width / 3) ** 2 < (height / 12) ** 2;
    return hole
      ? NaN
      : 0.5 + 0.3 * Math.sin(row / 23) * Math.cos(column / 31) + 0.2 * Math.sin((row + column) / 7);
  });
}

/** Files of our writers for Python to open. */
export async function writtenRequests(scratch: string): Promise<Request[]> {
  const requests: Request[] = [];
  for (const grid of GRIDS.slice(0, 2)) {
    const { height, width, crs, transform, epsg } = grid;
    const sic = valuesOf(grid);
    const at = (name: string) => join(scratch, `${epsg}-${name}`);
    const values = at('sic.raw');
    writeFileSync(values, new Uint8Array(sic.buffer));
    const expected = { kind: 'written', values, type: 'float32', shape: [height, width], epsg };
    const common = { ...expected, transform, times: ['2019-09-09T12:00:00Z'], units: '1' };
    for (const compression of ['deflate', 'zstd'] as const) {
      const path = at(`${compression}.tif`);
      await writeGeoTiff(path, rasterOf(grid, sic), { compression });
      requests.push({ ...common, format: 'geotiff', file: path });
    }
    const dataset: GridDataset = {
      height,
      width,
      crs,
      transform,
      times: ['2019-09-09T12:00:00Z'],
      attributes: {
        title: 'A field',
        institution: 'arctic',
        source: 'made',
        history: 'made',
        references: 'none',
        comment: 'none',
      },
      variables: [
        {
          name: 'sic',
          dtype: 'float32',
          overTime: true,
          units: '1',
          fill: NaN,
          longName: 'sea-ice concentration',
          standardName: 'sea_ice_area_fraction',
          rows: (_, first, count) => sic.slice(first * width, (first + count) * width),
        },
      ],
    };
    await writeNetCdf(at('sic.nc'), dataset);
    requests.push({ ...common, format: 'netcdf-4', file: at('sic.nc'), name: 'sic' });
    await writeZarr(at('sic.zarr'), dataset);
    requests.push({ ...common, format: 'zarr', file: at('sic.zarr'), name: 'sic' });
    const classes = Uint8Array.from(sic, (value) => (value > 0.6 ? 1 : 0));
    const regions = polygonise(classes, height, width, { transform, values: [1] });
    const features = regions.map(({ geometry }) =>
      feature(toLonLat(geometry, crs), {
        areaKm2: polygonAreaKm2(
          geometry.coordinates.map((ring) => Float64Array.from(ring.flat())),
          crs,
        ),
      }),
    );
    await writeGeoJson(at('regions.geojson'), features);
    requests.push({ ...common, format: 'geojson', file: at('regions.geojson') });
  }
  return requests;
}

/** Warps between all grids, for rasterio to repeat. */
export function warpRequests(scratch: string): Request[] {
  const requests: Request[] = [];
  for (const source of GRIDS) {
    const field = valuesOf(source);
    const raw = join(scratch, `${source.epsg}-field.raw`);
    writeFileSync(raw, new Uint8Array(field.buffer));
    for (const target of GRIDS) {
      if (target === source) continue;
      for (const method of ['nearest', 'bilinear', 'average'] as const) {
        const options: WarpOptions = { ...target, method };
        const { data } = warpRaster(rasterOf(source, field), options).array;
        const values = join(scratch, `${source.epsg}-${target.epsg}-${method}.raw`);
        writeFileSync(values, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
        const file = `${source.crs} → ${target.crs}`;
        requests.push({ kind: 'warp', file, source, target, method, field: raw, values });
      }
    }
  }
  return requests;
}

function rasterOf({ crs, transform, height, width }: Field, values: Float32Array): Raster {
  return {
    kind: 'values',
    array: ndarray(values, [height, width, 1]),
    mask: Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1)),
    crs,
    transform,
    time: null,
    units: '1',
    nodata: NaN,
  };
}
