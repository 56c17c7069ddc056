import { DataRealError } from '../errors.js';
import { damagedChart } from './chart-errors.js';

/** Polygon, PolygonZ and PolygonM; what follows x and y is left. */
const POLYGON_TYPES = new Set([5, 15, 25]);

/** What a chart cannot be made of. */
const OTHER_SHAPES: ReadonlyMap<number, string> = new Map([
  ...[1, 11, 21, 8, 18, 28].map((type) => [type, 'points'] as const),
  ...[3, 13, 23].map((type) => [type, 'lines'] as const),
  [0, 'no shapes'],
]);

const HEADER_BYTES = 100;

/** Whether the bytes are a .shp of polygons: charts come with files of lines and points beside them. */
export function isPolygonShp(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES) return false;
  const view = viewOf(bytes);
  return view.getInt32(0) === 9994 && POLYGON_TYPES.has(view.getInt32(32, true));
}

/**
 * The rings of every record of a polygon .shp, in record order; null for a null shape.
 *
 * Records are found by the .shx where there is a sound one, as in GDAL: after edits in place the
 * .shp also holds what was replaced.
 *
 * References: ESRI (1998), Shapefile Technical Description.
 *
 * @param count records of the table beside it.
 * @throws DataRealError `DamagedFile`; `NoData` for points and lines
 */
export function readShp(
  path: string,
  bytes: Uint8Array,
  count: number,
  shx?: Uint8Array,
): (Float64Array[] | null)[] {
  if (!isPolygonShp(bytes)) {
    const other = otherShapes(bytes);
    if (other !== undefined) {
      throw new DataRealError(
        'NoData',
        `${path}: expected an ice chart, a shapefile of polygons. Received: one of ${other}. Choose the file of the chart.`,
      );
    }
    throw damagedChart(
      path,
      'the header of a polygon shapefile',
      `${bytes.length} bytes of another kind`,
    );
  }
  const view = viewOf(bytes);
  const offsets = indexedOffsets(view, count, shx) ?? walkedOffsets(path, view);
  if (offsets.length !== count) {
    throw damagedChart(path, `${count} polygons, as its .dbf has records`, `${offsets.length}`);
  }
  return offsets.map((offset) => readRecord(path, view, offset));
}

/** What a sound .shp without polygons holds; undefined for other bytes. */
function otherShapes(bytes: Uint8Array): string | undefined {
  if (bytes.length < HEADER_BYTES || viewOf(bytes).getInt32(0) !== 9994) return undefined;
  return OTHER_SHAPES.get(viewOf(bytes).getInt32(32, true));
}

/** Offsets from the index; undefined where it contradicts the table or the file. */
function indexedOffsets(
  view: DataView,
  count: number,
  shx: Uint8Array | undefined,
): number[] | undefined {
  if (shx?.length !== HEADER_BYTES + 8 * count) return undefined;
  const index = viewOf(shx);
  const offsets = Array.from({ length: count }, (_, i) => 2 * index.getInt32(HEADER_BYTES + 8 * i));
  const sound = offsets.every(
    (offset, i) =>
      offset >= HEADER_BYTES &&
      offset + 12 <= view.byteLength &&
      view.getInt32(offset + 4) === index.getInt32(HEADER_BYTES + 8 * i + 4),
  );
  return sound ? offsets : undefined;
}

/** Offsets of records one after the other. */
function walkedOffsets(path: string, view: DataView): number[] {
  const offsets: number[] = [];
  // The header's length may be short of files that grew; the end of the file always holds.
  for (let at = HEADER_BYTES; at + 12 <= view.byteLength;) {
    offsets.push(at);
    const length = view.getInt32(at + 4) * 2;
    if (length < 4) {
      throw damagedChart(path, `a record at byte ${at}`, `a length of ${length} bytes`);
    }
    at += 8 + length;
  }
  return offsets;
}

function readRecord(path: string, view: DataView, offset: number): Float64Array[] | null {
  const damaged = (received: string) => damagedChart(path, `a polygon at byte ${offset}`, received);
  const end = offset + 8 + view.getInt32(offset + 4) * 2;
  const type = view.getInt32(offset + 8, true);
  if (type === 0) return null;
  if (!POLYGON_TYPES.has(type)) throw damaged(`shape type ${type}`);
  if (end > view.byteLength || end < offset + 52) {
    throw damaged(`a record that ends at byte ${end} of ${view.byteLength}`);
  }
  const parts = view.getInt32(offset + 44, true);
  const points = view.getInt32(offset + 48, true);
  const pointsAt = offset + 52 + 4 * parts;
  if (parts < 0 || points < 0 || pointsAt + 16 * points > end) {
    throw damaged(`${parts} rings of ${points} points in ${end - offset} bytes`);
  }
  const rings: Float64Array[] = [];
  for (let part = 0; part < parts; part++) {
    const from = view.getInt32(offset + 52 + 4 * part, true);
    const to = part + 1 < parts ? view.getInt32(offset + 56 + 4 * part, true) : points;
    if (from < 0 || to < from || to > points) throw damaged(`a ring from point ${from} to ${to}`);
    const start = view.byteOffset + pointsAt;
    // A copy, as coordinates start at any byte; little-endian as the machines that Node runs on.
    const ring = new Float64Array(
      view.buffer.slice(start + 16 * from, start + 16 * to) as ArrayBuffer,
    );
    if (!ring.every(Number.isFinite)) throw damaged('a coordinate that is no number');
    rings.push(ring);
  }
  return rings;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
