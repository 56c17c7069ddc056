import { damagedFile, type ByteFile } from '../../byte-file.js';
import { RasterError } from '../../errors.js';
import { H5Blocks } from './h5-blocks.js';
import { H5Cursor, NOWHERE } from './h5-cursor.js';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bytes that hold every kind of superblock with 8-byte addresses. */
const LONGEST = 112;

/** An HDF5 file whose superblock has been read. */
export interface H5Root {
  readonly blocks: H5Blocks;
  /** Address of the root group's object header. */
  readonly root: number;
}

/**
 * Finds and reads the superblock, at the start of the file or after a user block.
 *
 * @throws RasterError `UnsupportedFormat` where there is none, `DamagedFile`
 */
export async function readSuperblock(file: ByteFile): Promise<H5Root> {
  const at = await findSuperblock(file);
  const bytes = await file.read(at + 8, Math.min(LONGEST, file.size - at - 8));
  const version = bytes[0] ?? 0;
  const widths =
    version < 2
      ? { offset: bytes[5] ?? 0, length: bytes[6] ?? 0 }
      : { offset: bytes[1] ?? 0, length: bytes[2] ?? 0 };
  if (version > 3 || ![widths.offset, widths.length].every((width) => [2, 4, 8].includes(width))) {
    throw damagedFile(
      file.path,
      'an HDF5 superblock of version 0 to 3 with addresses of 2, 4 or 8 bytes',
      `version ${version}, ${widths.offset} and ${widths.length} bytes`,
    );
  }
  const cursor = new H5Cursor(file.path, bytes, widths);
  const addresses = () => [cursor.address(), cursor.address(), cursor.address(), cursor.address()];
  let end: number | undefined;
  let root: number;
  if (version < 2) {
    cursor.skip(version === 0 ? 16 : 20);
    end = addresses()[2];
    cursor.skip(widths.offset);
    root = cursor.address();
  } else {
    cursor.skip(4);
    const found = addresses();
    end = found[2];
    root = found[3] ?? NOWHERE;
  }
  if (end !== undefined && end !== NOWHERE && end > file.size) {
    throw damagedFile(file.path, `the ${end} bytes of its superblock`, `${file.size} bytes`);
  }
  return { blocks: new H5Blocks(file, widths, at), root };
}

async function findSuperblock(file: ByteFile): Promise<number> {
  for (let at = 0; at + 8 + 36 <= file.size; at = at === 0 ? 512 : at * 2) {
    const start = await file.read(at, SIGNATURE.length);
    if (SIGNATURE.every((byte, i) => byte === start[i])) return at;
  }
  throw new RasterError(
    'UnsupportedFormat',
    `${file.path}: expected an HDF5 file. Received: no HDF5 signature. Open it with the reader of its own format.`,
  );
}
