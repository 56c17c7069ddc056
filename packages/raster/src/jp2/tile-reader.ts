import { damagedFile, type ByteFile } from '../byte-file.js';
import {
  readSegment,
  stylesOf,
  type MainHeader,
  type Rectangle,
  type Segment,
} from './codestream.js';
import { decodeTile } from './decode-tile.js';
import { tileBytes } from './tile-budget.js';
import { scanTileParts, type TilePart } from './tile-parts.js';
import { nearestEquivalent } from './tile-shift.js';
import { tileStream, type Channels } from './tile-stream.js';

/** Decoded samples of some components of a tile, interleaved. */
export interface TileSamples {
  readonly data: Uint8Array | Int16Array | Uint16Array;
  readonly channels: number;
}

/** Decoded tiles that are kept: a row of Sentinel-2's 10 m tiles, and more of smaller ones. */
const CACHE_BYTES = 1 << 26;

/** Decodes tiles of a codestream one by one and keeps the last ones. */
export class TileReader {
  readonly #file: ByteFile;
  readonly #header: MainHeader;
  readonly #end: number;
  #parts: Promise<ReadonlyMap<number, readonly TilePart[]>> | undefined;
  /** Oldest use first. */
  readonly #cache = new Map<string, { samples: Promise<TileSamples>; bytes: number }>();
  #cached = 0;

  constructor(file: ByteFile, header: MainHeader, end: number) {
    this.#file = file;
    this.#header = header;
    this.#end = end;
  }

  /** The rectangle of a tile on the reference grid, cut to the image. */
  rectangle(tile: number): Rectangle {
    const { image, firstTile, tilesAcross } = this.#header;
    const x0 = firstTile.x0 + (tile % tilesAcross) * (firstTile.x1 - firstTile.x0);
    const y0 = firstTile.y0 + Math.floor(tile / tilesAcross) * (firstTile.y1 - firstTile.y0);
    return {
      x0: Math.max(image.x0, x0),
      y0: Math.max(image.y0, y0),
      x1: Math.min(image.x1, x0 + firstTile.x1 - firstTile.x0),
      y1: Math.min(image.y1, y0 + firstTile.y1 - firstTile.y0),
    };
  }

  /** @throws RasterError `DamagedFile`, `UnsupportedFormat` */
  async read(tile: number, level: number, channels: Channels): Promise<TileSamples> {
    const key = `${tile}/${level}/${channels.components.join()}`;
    const kept = this.#cache.get(key);
    if (kept) {
      this.#cache.delete(key);
      this.#cache.set(key, kept);
      return kept.samples;
    }
    const { x0, x1, y0, y1 } = atLevel(this.rectangle(tile), level);
    const bytes = ((x1 - x0) * (y1 - y0) * channels.components.length * channels.bits) / 8;
    const samples = this.#decode(tile, level, channels);
    this.#cache.set(key, { samples, bytes });
    this.#cached += bytes;
    for (const [oldest, entry] of this.#cache) {
      if (this.#cached <= CACHE_BYTES || oldest === key) break;
      this.#cache.delete(oldest);
      this.#cached -= entry.bytes;
    }
    return samples;
  }

  async #decode(tile: number, level: number, channels: Channels): Promise<TileSamples> {
    const file = this.#file;
    this.#parts ??= scanTileParts(file, this.#header, this.#end);
    const parts = (await this.#parts).get(tile);
    if (!parts) {
      throw damagedFile(file.path, `tile ${tile} of the image`, 'a codestream without all of it');
    }
    const compressed = parts.reduce((sum, { start, end }) => sum + end - start, 0);
    const styles = [
      ...this.#header.styles,
      ...stylesOf(file, await this.#tileHeader(parts), this.#header.components.length),
    ];
    const { x0, y0, x1, y1 } = this.rectangle(tile);
    const left = nearestEquivalent(x0, x1, styles, 0);
    const top = nearestEquivalent(y0, y1, styles, 1);
    const moved = { x0: left, y0: top, x1: left + x1 - x0, y1: top + y1 - y0 };
    const bytesPerSample = channels.bits === 8 ? 1 : 2;
    const memory = tileBytes(file.path, {
      tile: moved,
      level,
      components: this.#header.components.length,
      channels: channels.components.length,
      bytesPerSample,
      styles,
      layers: this.#header.layers,
      compressed,
    });
    const contents = [];
    for (const { start, end, part, parts: count } of parts) {
      contents.push({ bytes: await file.read(start + 12, end - start - 12), part, parts: count });
    }
    const reduced = atLevel(moved, level);
    const bytes = await decodeTile(
      file.path,
      tileStream(this.#header, moved, contents, channels),
      level,
      (reduced.x1 - reduced.x0) * (reduced.y1 - reduced.y0) * channels.components.length,
      bytesPerSample,
      memory,
    );
    return { data: typed(bytes, channels), channels: channels.components.length };
  }

  /** Marker segments of a tile's own, which may change how it is coded. */
  async #tileHeader(parts: readonly TilePart[]): Promise<Segment[]> {
    const segments: Segment[] = [];
    for (const { start, end } of parts) {
      for (let at = start + 12; ;) {
        const segment = await readSegment(this.#file, at, end);
        if (segment.bytes.length === 0) break;
        segments.push(segment);
        at += segment.bytes.length;
      }
    }
    return segments;
  }
}

/** A rectangle after `level` halvings. */
export function atLevel({ x0, y0, x1, y1 }: Rectangle, level: number): Rectangle {
  const down = 2 ** level;
  return {
    x0: Math.ceil(x0 / down),
    y0: Math.ceil(y0 / down),
    x1: Math.ceil(x1 / down),
    y1: Math.ceil(y1 / down),
  };
}

function typed(
  bytes: Uint8Array<ArrayBuffer>,
  { bits, signed }: Channels,
): Uint8Array | Int16Array | Uint16Array {
  if (bits === 8) return bytes;
  return signed ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
}
