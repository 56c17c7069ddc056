import { writeSafetensors } from '@arctic/nn';
import {
  contourLines,
  feature,
  toLonLat,
  writeGeoTiff,
  writeNetCdf,
  type GridVariable,
} from '@arctic/raster';
import type { AnswerFormat, ProductResult } from '../workers/jobs.js';
import { CONTENT_TYPES } from './content-types.js';
import { writePacked } from './write-packed.js';
import type { Product, ProductField } from './product.js';

/** Concentration at which the ice edge is drawn. */
const ICE_EDGE = 0.15;
/** Cells of a GeoJSON answer, at most; larger boxes get the edge alone. */
const MOST_CELLS = 20_000;

/** Writes a product as a file; text is gzipped beside it. */
export async function writeProduct(
  product: Product,
  format: AnswerFormat,
  path: string,
): Promise<ProductResult> {
  const contentType = CONTENT_TYPES[format];
  if (format === 'netcdf') await netCdf(path, product);
  else if (format === 'cog') await cog(path, product);
  else {
    const bytes =
      format === 'safetensors'
        ? safetensors(product)
        : Buffer.from(format === 'json' ? json(product) : geoJson(product));
    return writePacked(path, bytes, contentType);
  }
  return { path, gzipped: null, contentType, bytes: 0 };
}

function json({ head, crop, mask, attribution, json: arrays }: Product): string {
  const plane = (field: ArrayLike<number>, digits: number): string => {
    const scale = 10 ** digits;
    const rows: string[] = [];
    for (let y = 0; y < crop.height; y++) {
      let row = '[';
      for (let x = 0; x < crop.width; x++) {
        const value = field[y * crop.width + x] as number; // within the crop
        if (x > 0) row += ',';
        row += Number.isNaN(value) ? 'null' : String(Math.round(value * scale) / scale);
      }
      rows.push(`${row}]`);
    }
    return `[${rows.join(',')}]`;
  };
  const parts = Object.entries({
    ...Object.fromEntries(Object.entries(head).map(([k, v]) => [k, JSON.stringify(v)])),
    coordinates: `{"lon":${plane(crop.longitude, 4)},"lat":${plane(crop.latitude, 4)}}`,
    mask: plane(mask, 0),
    ...arrays({ plane }),
    units: '"1"',
    attribution: JSON.stringify(attribution),
  });
  return `{${parts.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}

function geoJson({ title, crop, fields, times, mask, attribution, head }: Product): string {
  const { crs, transform, height, width } = crop;
  const [main] = fields as readonly [ProductField]; // a product has a field
  const features: unknown[] = times.map((time, step) => {
    const lines = contourLines(
      main.steps[step] as Float32Array,
      height,
      width,
      ICE_EDGE,
      transform,
    );
    return feature(toLonLat(lines, crs), { kind: 'ice_edge', level: ICE_EDGE, time });
  });
  const cells = mask.reduce((a, b) => a + b, 0);
  const [x0, dx, , y0, , dy] = transform;
  if (cells <= MOST_CELLS) {
    for (let i = 0; i < mask.length; i++) {
      if (!mask[i] || main.steps.every((step) => Number.isNaN(step[i]))) continue;
      const [row, column] = [Math.floor(i / width), i % width];
      const [left, top] = [x0 + column * dx, y0 + row * dy];
      const ring = [
        [left, top + dy],
        [left + dx, top + dy],
        [left + dx, top],
        [left, top],
        [left, top + dy],
      ] as const;
      const properties: Record<string, unknown> = {
        kind: 'cell',
        row: crop.row + row,
        column: crop.column + column,
      };
      for (const { name, steps } of fields)
        properties[name] =
          steps.length === 1 ? rounded(steps[0]?.[i]) : steps.map((step) => rounded(step[i]));
      features.push({
        type: 'Feature',
        geometry: toLonLat({ type: 'Polygon', coordinates: [ring] }, crs, { toleranceM: 1000 }),
        properties,
      });
    }
  }
  return JSON.stringify({
    type: 'FeatureCollection',
    title,
    ...head,
    times,
    cells: cells <= MOST_CELLS ? 'all' : `left out: ${cells} of at most ${MOST_CELLS}`,
    attribution,
    features,
  });
}

/** The fields [T,h,w] and the mask [h,w], with what JSON says of them as metadata. */
function safetensors(product: Product): Uint8Array {
  const { head, crop, fields, mask, attribution, intervalLevel } = product;
  const { height, width } = crop;
  const arrays = new Map(
    fields.map(({ name, steps }) => {
      const data = new Float32Array(steps.length * height * width);
      steps.forEach((step, t) => data.set(step, t * height * width));
      return [
        name,
        { shape: [steps.length, height, width], data: data as Float32Array | Int32Array },
      ];
    }),
  );
  arrays.set('mask', { shape: [height, width], data: Int32Array.from(mask) });
  const said = Object.entries({ ...head, units: '1', attribution, intervalLevel });
  return writeSafetensors(
    arrays,
    Object.fromEntries(said.map(([name, value]) => [name, JSON.stringify(value)])),
  );
}

function rounded(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Math.round(value * 1e4) / 1e4;
}

async function netCdf(path: string, product: Product): Promise<void> {
  const { crop, times, fields, title, source, attribution, mask } = product;
  const { height, width } = crop;
  const rows = (data: Float32Array, first: number, count: number) =>
    data.slice(first * width, (first + count) * width);
  await writeNetCdf(path, {
    height,
    width,
    crs: crop.crs,
    transform: crop.transform,
    times,
    variables: [
      ...fields.map((field): GridVariable => {
        const { name, longName, steps, flags } = field;
        return {
          name,
          longName,
          overTime: true,
          units: flags ? null : '1',
          ...(flags
            ? { dtype: 'uint8', fill: 255, flags }
            : { dtype: 'float32', fill: NaN, standardName: 'sea_ice_area_fraction' }),
          rows: (step, first, count) => {
            const part = rows(steps[step] as Float32Array, first, count); // a field per step
            return flags ? Uint8Array.from(part, (v) => (Number.isNaN(v) ? 255 : v)) : part;
          },
        };
      }),
      {
        name: 'mask',
        longName: '1 where the cell is ocean inside the box',
        dtype: 'uint8',
        overTime: false,
        units: null,
        fill: null,
        rows: (_, first, count) => mask.slice(first * width, (first + count) * width),
      },
    ],
    attributes: { title, source, references: attribution.join('; ') || 'none' },
  });
}

async function cog(path: string, { crop, times, fields, title }: Product): Promise<void> {
  const { height, width } = crop;
  const bands = fields.flatMap(({ name, longName, steps }) =>
    steps.map((data, step) => ({
      data,
      name: steps.length === 1 ? name : `${name}_${step + 1}`,
      description: longName,
      ...(times[step] === undefined ? {} : { time: times[step] }),
    })),
  );
  await writeGeoTiff(path, {
    height,
    width,
    dtype: 'float32',
    crs: crop.crs,
    transform: crop.transform,
    nodata: NaN,
    units: '1',
    bands: bands.map(({ data: _, description, ...band }) => ({
      ...band,
      description: `${title}: ${description}`,
    })),
    rows(first, count) {
      const out = new Float32Array(count * width * bands.length);
      for (let i = 0; i < count * width; i++)
        for (const [b, { data }] of bands.entries())
          out[i * bands.length + b] = data[first * width + i] ?? NaN;
      return out;
    },
  });
}
