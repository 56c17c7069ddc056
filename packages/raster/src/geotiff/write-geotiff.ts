import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { temporaryPath } from '../atomic-file.js';
import { RasterError } from '../errors.js';
import type { WriteProgress } from '../grid-dataset.js';
import { streamFile, type FileSink } from '../file-sink.js';
import type { Raster } from '../raster.js';
import { halved, type OverviewResampling } from './downsample.js';
import { COMPRESSION } from './tags.js';
import { assertSource } from './write-checks.js';
import { levelFields } from './write-fields.js';
import { cogHeader } from './write-header.js';
import { levelWriter, type LevelWriter, type TileEncoding } from './write-level.js';
import { rasterSource, type GeoTiffSource } from './write-source.js';
import { packZstd } from './zstd.js';

export interface WriteGeoTiffOptions {
  /** @default 'deflate' */
  readonly compression?: 'deflate' | 'zstd' | 'none';
  /** Effort of the compression: 1 to 9 for deflate, 1 to 22 for zstd. @default 6, 9 for zstd */
  readonly level?: number;
  /** Whether differences of neighbours are packed instead of values. @default true */
  readonly predictor?: boolean;
  /** Pixels along a tile's side, a multiple of 16. @default 512, 256 or 384 as fits the image */
  readonly tileSize?: number;
  /** Whether smaller copies follow, each half the size, down to one tile. @default true */
  readonly overviews?: boolean;
  /** How they are made. @default 'nearest' for one band of uint8 (classes), else 'average' */
  readonly resampling?: OverviewResampling;
  /** 64-bit places in the file: only beyond 4 GB, or always. @default 'auto' */
  readonly bigTiff?: 'auto' | 'always';
  /** Called with rows of the full size that are written. @default none */
  readonly onProgress?: (progress: WriteProgress) => void;
}

const deflateInThread = promisify(deflate);

/** Bytes copied at a time from the temporary files. */
const COPY_BYTES = 1 << 22;

/**
 * Writes a Cloud-Optimized GeoTIFF: tiled, compressed, with overviews, nodata, CRS, units, band
 * names and time; BigTIFF beyond 4 GB. Either a raster in memory (missing bytes without nodata get
 * an alpha band), or a source of rows, of which no more than a few hundred are held at a time.
 *
 * Written to temporary names beside `path`, then renamed: there is a whole file or none.
 *
 * @example
 * ```ts
 * await writeGeoTiff('ice.tif', raster, { compression: 'zstd' });
 * ```
 * @throws RasterError `InvalidValue`, `WrongShape` for sources and options that do not fit,
 * `UnsupportedFormat` for a CRS that is none, `WriteFailed`; and what the source throws.
 */
export async function writeGeoTiff(
  path: string,
  source: Raster | GeoTiffSource,
  options: WriteGeoTiffOptions = {},
): Promise<void> {
  const rows = 'kind' in source ? rasterSource(path, source) : source;
  const { height, width, dtype, bands } = rows;
  const tileSize = options.tileSize ?? defaultTileSize(height, width);
  assertSource(path, rows, { ...options, tileSize });
  const floats = dtype === 'float32' || dtype === 'float64';
  const encoding: TileEncoding = {
    dtype,
    bands: bands.length,
    tileSize,
    predictor: options.predictor === false || options.compression === 'none' ? 1 : floats ? 3 : 2,
    compress: compressor(options),
  };
  await streamFile(path, async (sink) => {
    const levels: LevelWriter[] = [];
    try {
      await openLevels(path, rows, encoding, options, levels);
      await writeRows(path, rows, tileSize, levels, options);
      const fields = levelFields(rows, encoding, compressionTag(options));
      const headers = levels.map((level, i) => ({
        fields: fields(level.height, level.width, i > 0),
        byteCounts: level.byteCounts,
      }));
      await sink.append(cogHeader(headers, options.bigTiff ?? 'auto').bytes);
      for (const level of levels.toReversed()) await copyInto(sink, level.temporary);
    } finally {
      for (const level of levels) {
        await level.close();
        await rm(level.temporary, { force: true });
      }
    }
  });
}

/** A size that no level has as its width, since its tiles would be taken for strips. */
function defaultTileSize(height: number, width: number): number {
  const preferred = Math.min(height, width) <= 512 ? 256 : 512;
  let rows = height;
  let columns = width;
  while (Math.max(rows, columns) > 512 && columns !== preferred) {
    rows = Math.ceil(rows / 2);
    columns = Math.ceil(columns / 2);
  }
  return Math.max(rows, columns) > 512 ? 384 : preferred;
}

/** Opens the full size and its overviews; each gives its rows, halved, to the next. */
async function openLevels(
  path: string,
  source: GeoTiffSource,
  encoding: TileEncoding,
  options: WriteGeoTiffOptions,
  levels: LevelWriter[],
): Promise<void> {
  const { dtype, nodata, alpha = false } = source;
  const bands = source.bands.length;
  const classes = bands === 1 && dtype === 'uint8';
  const resampling = options.resampling ?? (classes ? 'nearest' : 'average');
  let { height, width } = source;
  for (;;) {
    const index = levels.length;
    const levelWidth = width;
    const onTileRow: Parameters<typeof levelWriter>[4] = async (data, rows) => {
      const next = levels[index + 1];
      if (!next) return;
      const part = { dtype, data, rows, width: levelWidth, bands, nodata, alpha };
      await next.push(halved(part, resampling), Math.ceil(rows / 2));
    };
    levels.push(await levelWriter(temporaryPath(path), height, width, encoding, onTileRow));
    const isSmall = Math.max(height, width) <= encoding.tileSize;
    // GDAL tells overviews apart by their width.
    if (options.overviews === false || isSmall || width === 1) return;
    height = Math.ceil(height / 2);
    width = Math.ceil(width / 2);
  }
}

async function writeRows(
  path: string,
  source: GeoTiffSource,
  tileSize: number,
  levels: readonly LevelWriter[],
  { onProgress }: WriteGeoTiffOptions,
): Promise<void> {
  const { height, width, bands } = source;
  for (let row = 0; row < height; row += tileSize) {
    const count = Math.min(tileSize, height - row);
    const rows = await source.rows(row, count);
    if (rows.length !== count * width * bands.length) {
      throw new RasterError(
        'WrongShape',
        `${path}: expected ${count} rows of ${width} pixels and ${bands.length} bands, ${count * width * bands.length} numbers. Received: ${rows.length}. Give [rows, width, bands].`,
      );
    }
    await levels[0]?.push(rows, count);
    onProgress?.({ done: row + count, total: height });
  }
  for (const level of levels) await level.finish();
}

async function copyInto(sink: FileSink, temporary: string): Promise<void> {
  for await (const part of createReadStream(temporary, { highWaterMark: COPY_BYTES })) {
    await sink.append(part);
  }
}

function compressor({ compression = 'deflate', level }: WriteGeoTiffOptions) {
  if (compression === 'none') return (bytes: Uint8Array) => Promise.resolve(bytes);
  if (compression === 'zstd') return (bytes: Uint8Array) => packZstd(bytes, level ?? 9);
  return (bytes: Uint8Array): Promise<Uint8Array> => deflateInThread(bytes, { level: level ?? 6 });
}

function compressionTag({ compression = 'deflate' }: WriteGeoTiffOptions): number {
  return COMPRESSION[compression];
}
