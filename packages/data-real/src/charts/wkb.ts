/** Nesting of collections at most. */
const DEEPEST = 8;

/** A geometry that cannot be read; see `readWkbRings`. */
export class WkbError extends Error {}

/**
 * Rings of a WKB or EWKB Polygon, MultiPolygon, Surface or collection of these, exactly as
 * stored; z and m, and points and lines (what clipping leaves in collections), are left out.
 *
 * @throws WkbError where the bytes end early or hold curves.
 */
export function readWkbRings(bytes: Uint8Array, offset: number): Float64Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rings: Float64Array[] = [];
  readGeometry(view, offset, 0, rings);
  return rings;
}

/** Reads the geometry at `at` and gives the byte after it. */
function readGeometry(view: DataView, at: number, depth: number, rings: Float64Array[]): number {
  if (depth > DEEPEST) throw new WkbError(`collections nested more than ${DEEPEST} deep`);
  need(view, at, 5);
  const little = view.getUint8(at) === 1;
  const code = view.getUint32(at + 1, little);
  const kind = (code & 0xffff) % 1000;
  const iso = Math.floor((code & 0xffff) / 1000); // 1 z, 2 m, 3 both
  const z = iso === 1 || iso === 3 || (code & 0x80000000) !== 0;
  const m = iso === 2 || iso === 3 || (code & 0x40000000) !== 0;
  const bytesPerPoint = 16 + (z ? 8 : 0) + (m ? 8 : 0);
  at += 5 + ((code & 0x20000000) !== 0 ? 4 : 0); // EWKB's SRID
  // Point
  if (kind === 1) return at + bytesPerPoint;
  need(view, at, 4);
  const count = view.getUint32(at, little);
  at += 4;
  // LineString
  if (kind === 2) return at + count * bytesPerPoint;
  // Polygon and Triangle
  if (kind === 3 || kind === 17) {
    for (let ring = 0; ring < count; ring++) {
      need(view, at, 4);
      const points = view.getUint32(at, little);
      at += 4;
      need(view, at, points * bytesPerPoint);
      const out = new Float64Array(2 * points);
      for (let i = 0; i < points; i++, at += bytesPerPoint) {
        out[2 * i] = view.getFloat64(at, little);
        out[2 * i + 1] = view.getFloat64(at + 8, little);
      }
      if (!out.every(Number.isFinite)) throw new WkbError('a coordinate that is no number');
      rings.push(out);
    }
    return at;
  }
  // MultiPoint, MultiLineString, MultiPolygon, GeometryCollection, MultiSurface, PolyhedralSurface, TIN
  if ([4, 5, 6, 7, 12, 15, 16].includes(kind)) {
    for (let part = 0; part < count; part++) at = readGeometry(view, at, depth + 1, rings);
    return at;
  }
  throw new WkbError(`a geometry of WKB type ${code}`);
}

function need(view: DataView, at: number, length: number): void {
  if (at + length > view.byteLength) {
    throw new WkbError(`${length} bytes at ${at} of a geometry of ${view.byteLength}`);
  }
}
