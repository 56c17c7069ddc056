import type { ByteFile } from '../byte-file.js';
import { damagedFile } from '../byte-file.js';
import { latin1, readBoxes, viewOf, type Box } from './box.js';

/** What the boxes of a JP2 file say beside its codestream; a raw codestream says nothing. */
export interface Jp2Header {
  /** Where the codestream lies. */
  readonly codestream: { readonly start: number; readonly end: number };
  /** Component that is 0 where the image is missing; null where none is. */
  readonly opacity: number | null;
  /** The GeoTIFF of the GeoJP2 box. */
  readonly geoTiff: { readonly start: number; readonly end: number } | null;
  /** The root instance of the GMLJP2 box. */
  readonly gml: string | null;
}

const GEO_JP2 = 'b14bf8bd083d4b43a5ae8cd7d5a6ce03';

/** Coverage descriptions take a few kB; those with features inside some more. */
const LONGEST_GML = 1 << 24;

/** Association boxes nest three deep. */
const DEEPEST = 8;

/** @throws RasterError `DamagedFile` */
export async function readJp2Header(file: ByteFile): Promise<Jp2Header> {
  const magic = viewOf(await file.read(0, Math.min(4, file.size)));
  if (magic.byteLength === 4 && magic.getUint32(0) === 0xff4fff51) {
    const codestream = { start: 0, end: file.size };
    return { codestream, opacity: null, geoTiff: null, gml: null };
  }
  const boxes = await readBoxes(file, 0, file.size);
  const codestream = boxes.find(({ type }) => type === 'jp2c');
  if (boxes[0]?.type !== 'jP  ' || !codestream) {
    throw damagedFile(
      file.path,
      'a JP2 file with a jp2c box, or a codestream that begins with FF4FFF51',
      `${file.size} bytes with boxes ${boxes.map(({ type }) => JSON.stringify(type)).join(' ')}`,
    );
  }
  let geoTiff: Jp2Header['geoTiff'] = null;
  for (const { type, start, end } of boxes) {
    if (type !== 'uuid' || end - start < 16) continue;
    const uuid = Buffer.from(await file.read(start, 16)).toString('hex');
    if (uuid === GEO_JP2) geoTiff ??= { start: start + 16, end };
  }
  const header = boxes.find(({ type }) => type === 'jp2h');
  return {
    codestream,
    opacity: header ? await readOpacity(file, header) : null,
    geoTiff,
    gml: await readGml(file, boxes, 0),
  };
}

async function readOpacity(file: ByteFile, header: Box): Promise<number | null> {
  const inner = await readBoxes(file, header.start, header.end);
  const definition = await contentsOf(file, inner, 'cdef');
  if (!definition) return null;
  const mapping = await contentsOf(file, inner, 'cmap');
  for (let at = 2; at + 6 <= definition.byteLength; at += 6) {
    const channel = definition.getUint16(at);
    const kind = definition.getUint16(at + 2);
    if (kind !== 1 && kind !== 2) continue; // opacity, premultiplied opacity
    if (!mapping) return channel;
    // Channels of a palette are made from components; only one used as it is can be opacity.
    const direct = mapping.byteLength >= 4 * channel + 4 && mapping.getUint8(4 * channel + 2) === 0;
    return direct ? mapping.getUint16(4 * channel) : null;
  }
  return null;
}

async function contentsOf(
  file: ByteFile,
  boxes: readonly Box[],
  type: string,
): Promise<DataView | null> {
  const box = boxes.find((one) => one.type === type);
  return box ? viewOf(await file.read(box.start, Math.min(box.end - box.start, 1 << 18))) : null;
}

/** The XML labelled `gml.root-instance`, an association inside the one labelled `gml.data`. */
async function readGml(
  file: ByteFile,
  boxes: readonly Box[],
  depth: number,
): Promise<string | null> {
  for (const box of boxes) {
    if (box.type !== 'asoc' || depth > DEEPEST) continue;
    const inner = await readBoxes(file, box.start, box.end);
    const [label, xml] = inner;
    if (label?.type === 'lbl ' && xml?.type === 'xml ') {
      const name = await contentsOf(file, inner, 'lbl ');
      if (name && latin1(name, 0, name.byteLength).startsWith('gml.root-instance')) {
        const length = Math.min(xml.end - xml.start, LONGEST_GML);
        return Buffer.from(await file.read(xml.start, length)).toString('utf8');
      }
    }
    const found = await readGml(file, inner, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
