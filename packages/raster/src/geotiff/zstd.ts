import Zstd from 'numcodecs/zstd';

/** First bytes of a frame. */
const MAGIC = 0xfd2f_b528;

/**
 * Unpacks one zstd frame, after a look at the size that it says it has.
 *
 * @throws Error on damaged data, or more than `most` bytes.
 */
export async function unpackZstd(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const says = contentSize(bytes);
  if (says !== null && says > most) throw new Error(`a zstd frame of ${says} bytes for ${most}`);
  return Zstd.fromConfig({ id: 'zstd' }).decode(bytes);
}

/** Packs bytes as one zstd frame, at level 1 (fast) to 22 (small). */
export async function packZstd(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  return Zstd.fromConfig({ id: 'zstd', level }).encode(bytes);
}

/** Size of the content from a frame's header; null where it does not say. */
function contentSize(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 6 || view.getUint32(0, true) !== MAGIC) throw new Error('no zstd frame');
  const descriptor = view.getUint8(4);
  const single = (descriptor & 0x20) !== 0;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const kind = descriptor >> 6;
  if (kind > 0 && at + 8 > bytes.length) throw new Error('a zstd frame cut off');
  if (kind === 0) return single ? view.getUint8(at) : null;
  if (kind === 1) return view.getUint16(at, true) + 256;
  return kind === 2 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
