import type loadOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import { RasterError, reasonOf } from '../errors.js';

type OpenJpeg = Awaited<ReturnType<typeof loadOpenJpeg>>;

interface Engine {
  readonly openJpeg: OpenJpeg;
  /** What the library had to say about the tile at hand. */
  readonly messages: string[];
}

/** One for all files: WebAssembly is compiled at the first tile that is read. */
let engine: Promise<Engine> | undefined;

/** WebAssembly memory never shrinks; beyond this it is given back after the tile. */
const KEPT_BYTES = 1 << 28;

/**
 * Interleaved samples of a one-tile stream, `level` halvings down.
 *
 * @param samples how many there are, channels included.
 * @param memory bytes of address space that the decoder may touch.
 * @throws RasterError `DamagedFile`
 */
export async function decodeTile(
  path: string,
  stream: Uint8Array,
  level: number,
  samples: number,
  bytesPerSample: 1 | 2,
  memory: number,
): Promise<Uint8Array<ArrayBuffer>> {
  engine ??= startEngine();
  const { openJpeg, messages } = await engine;
  messages.length = 0;
  let output: Uint8ClampedArray<ArrayBuffer>;
  try {
    if (openJpeg.HEAPU8.length < memory) withDecoder(openJpeg, (d) => d.getEncodedBuffer(memory));
    output = withDecoder(openJpeg, (decoder) => {
      decoder.getEncodedBuffer(stream.length).set(stream);
      decoder.decodeSubResolution(level, 0);
      return decoder.getDecodedBuffer();
    });
  } catch (cause) {
    engine = undefined; // A trap leaves its memory in an unknown state.
    throw failed(path, reasonOf(cause), cause);
  }
  if (openJpeg.HEAPU8.length > KEPT_BYTES) engine = undefined;
  if (output.length < samples * bytesPerSample) {
    throw failed(path, messages.join(' ').trim() || `${output.length} bytes`);
  }
  // Only these are samples: the library measures from the reference grid's origin.
  const used = samples * bytesPerSample;
  return output.length === used
    ? new Uint8Array(output.buffer)
    : new Uint8Array(output.buffer.slice(0, used));
}

function withDecoder<T>(
  openJpeg: OpenJpeg,
  use: (decoder: InstanceType<OpenJpeg['J2KDecoder']>) => T,
): T {
  const decoder = new openJpeg.J2KDecoder();
  const result = use(decoder);
  decoder.delete();
  return result;
}

async function startEngine(): Promise<Engine> {
  const messages: string[] = [];
  const keep = (text: string) => {
    if (messages.length < 4 && /ERROR|abort/i.test(text)) messages.push(text);
  };
  const { default: load } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
  return { openJpeg: await load({ print: keep, printErr: keep }), messages };
}

function failed(path: string, received: string, cause?: unknown): RasterError {
  return new RasterError(
    'DamagedFile',
    `${path}: expected a JPEG 2000 tile that OpenJPEG decodes. Received: ${received}. Copy or download the file again.`,
    { cause },
  );
}
