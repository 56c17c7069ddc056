import { storedArray } from '../geotiff/samples.js';
import type { Region, StoredArray, StoredType } from '../raster-file.js';
import type { Component, MainHeader } from './codestream.js';
import { atLevel, type TileReader } from './tile-reader.js';
import type { Channels } from './tile-stream.js';

/** A window [H,W] of one component, `level` halvings down, from the tiles that it crosses. */
export async function readWindow(
  tiles: TileReader,
  header: MainHeader,
  level: number,
  component: number,
  { start, count }: Region,
): Promise<StoredArray> {
  const channels = channelsOf(header.components, component);
  const origin = atLevel(header.image, level);
  const [height = 0, width = 0] = count;
  const top = origin.y0 + (start[0] ?? 0);
  const left = origin.x0 + (start[1] ?? 0);
  const out = storedArray(sampleType(header.components[component]), height * width);
  if (out.length === 0) return out;
  const { tilesAcross, tilesDown } = header;
  const columns = crossed(tilesAcross, left, left + width, (column) => {
    const { x0, x1 } = atLevel(tiles.rectangle(column), level);
    return [x0, x1];
  });
  const rows = crossed(tilesDown, top, top + height, (row) => {
    const { y0, y1 } = atLevel(tiles.rectangle(row * tilesAcross), level);
    return [y0, y1];
  });
  const channel = channels.components.indexOf(component);
  for (const row of rows) {
    for (const column of columns) {
      const number = row * tilesAcross + column;
      const tile = atLevel(tiles.rectangle(number), level);
      const { data, channels: step } = await tiles.read(number, level, channels);
      const x0 = Math.max(left, tile.x0);
      const x1 = Math.min(left + width, tile.x1);
      for (let y = Math.max(top, tile.y0); y < Math.min(top + height, tile.y1); y++) {
        const from = (y - tile.y0) * (tile.x1 - tile.x0) + (x0 - tile.x0);
        const to = (y - top) * width + (x0 - left);
        if (step === 1) out.set(data.subarray(from, from + x1 - x0), to);
        else copyChannelInto(out, to, data, from * step + channel, step, x1 - x0);
      }
    }
  }
  return out;
}

/** Type of a component's samples, of up to 16 bits. */
export function sampleType(component: Component | undefined): StoredType {
  const { bits, signed } = component ?? { bits: 8, signed: false };
  if (bits <= 8) return signed ? 'int8' : 'uint8';
  return signed ? 'int16' : 'uint16';
}

/** The decoder hands out three components of unsigned 8 bit at once, of other types one. */
function channelsOf(components: readonly Component[], component: number): Channels {
  const bytes = components.map((_, i) => i).filter((i) => sampleType(components[i]) === 'uint8');
  const at = bytes.indexOf(component);
  const triple = at < 0 ? [] : bytes.slice(at - (at % 3), at - (at % 3) + 3);
  if (triple.length === 3) return { components: triple, bits: 8, signed: false };
  const signed = components[component]?.signed ?? false;
  return { components: [component], bits: at < 0 ? 16 : 8, signed };
}

function copyChannelInto(
  out: StoredArray,
  to: number,
  data: Uint8Array | Int16Array | Uint16Array,
  from: number,
  step: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) out[to + i] = data[from + i * step] ?? 0;
}

/** Numbers of the tiles along one axis that hold samples of [from, to). */
function crossed(
  tiles: number,
  from: number,
  to: number,
  extent: (tile: number) => readonly [number, number],
): number[] {
  return Array.from({ length: tiles }, (_, tile) => tile).filter((tile) => {
    const [start, end] = extent(tile);
    return start < end && start < to && end > from;
  });
}
