import { RasterError } from '../errors.js';
import { streamFile } from '../file-sink.js';
import type { Feature } from './geometry.js';

export interface WriteGeoJsonOptions {
  /** Name of the layer, which GDAL and QGIS show. @default none */
  readonly name?: string;
}

/** Characters that are put together before they are written. */
const BATCH = 1 << 20;

/**
 * Writes features in longitude and latitude (see `toLonLat`) as one GeoJSON collection (RFC 7946),
 * a feature a line, whole or not at all. Features may come one by one: only some are in memory.
 *
 * @throws RasterError `InvalidValue` for coordinates that are not finite or no degrees,
 * `WriteFailed`; an earlier file at `path` is untouched then.
 */
export async function writeGeoJson(
  path: string,
  features: Iterable<Feature> | AsyncIterable<Feature>,
  options: WriteGeoJsonOptions = {},
): Promise<void> {
  const encoder = new TextEncoder();
  const { name } = options;
  await streamFile(path, async (sink) => {
    let text = `{"type":"FeatureCollection",${name === undefined ? '' : `"name":${JSON.stringify(name)},`}"features":[`;
    let before = '\n';
    let index = 0;
    for await (const feature of features) {
      assertDegrees(path, feature, index++);
      text += before + JSON.stringify(feature);
      before = ',\n';
      if (text.length < BATCH) continue;
      await sink.append(encoder.encode(text));
      text = '';
    }
    await sink.append(encoder.encode(`${text}\n]}\n`));
  });
}

function assertDegrees(path: string, { geometry }: Feature, index: number): void {
  const wrong = wrongPosition(geometry.coordinates);
  if (wrong === undefined) return;
  throw new RasterError(
    'InvalidValue',
    `${path}: expected degrees, -180 to 180 and -90 to 90. Received: ${wrong} in feature ${index}. Project the geometry with toLonLat.`,
  );
}

type Nested = readonly (number | Nested)[];

/** The first position that is none, as text. */
function wrongPosition(coordinates: Nested): string | undefined {
  const [x, y] = coordinates;
  if (typeof x === 'number' || typeof y === 'number') {
    const fits = Math.abs(Number(x)) <= 180 && Math.abs(Number(y)) <= 90;
    return fits && coordinates.length === 2 ? undefined : `[${coordinates.join(', ')}]`;
  }
  for (const part of coordinates) {
    const wrong = typeof part === 'number' ? String(part) : wrongPosition(part);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
