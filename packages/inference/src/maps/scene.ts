import {
  openRaster,
  rasterOf,
  type ControlPoint,
  type Image,
  type RasterFile,
  type RasterVariable,
  type Transform,
  type Window,
} from '@arctic/raster';
import { InferenceError } from '../errors.js';

/** A colour image of any size, read window by window. */
export interface Scene {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly crs: string | null;
  readonly transform: Transform | null;
  /** Pixels of known place, of an image without a transform. */
  readonly controlPoints: readonly ControlPoint[];
  /** ISO 8601; null where the file says none. */
  readonly time: string | null;
  /** Red, green and blue of a window, and [H,W] 0 where pixels are missing. */
  read(window: Window): Promise<{ readonly rgb: Image; readonly mask: Uint8Array }>;
  close(): Promise<void>;
}

/**
 * Opens an image of three 8-bit bands (red, green, blue first), or of one that is repeated; opacity
 * masks.
 *
 * @throws RasterError; InferenceError for other bands.
 */
export async function openScene(path: string): Promise<Scene> {
  const file = await openRaster(path);
  const bands = bandsOf(file);
  const [first] = bands;
  if (!first) {
    const { variables } = file;
    await file.close();
    throw new InferenceError(
      `${path}: expected an image with 8-bit bands. Received: ${variables.map(({ name, dtype }) => `${name} ${dtype}`).join(', ') || 'none'}. Scale it to 8 bits, e.g. with gdal_translate -ot Byte -scale`,
    );
  }
  const [height = 0, width = 0] = first.shape;
  return {
    path,
    width,
    height,
    crs: first.placement?.crs ?? null,
    transform: first.placement?.transform ?? null,
    controlPoints: first.placement?.controlPoints ?? [],
    time: first.times[0] ?? null,
    async read(window) {
      const { array, mask } = await rasterOf(file, {
        variables: bands.map(({ name }) => name),
        window,
      });
      const pixels = window.width * window.height;
      const data = new Uint8Array(pixels * 3);
      for (let i = 0; i < pixels; i++) {
        for (let c = 0; c < 3; c++)
          data[3 * i + c] = array.data[i * bands.length + (bands.length === 3 ? c : 0)] ?? 0;
      }
      return { rgb: { data, width: window.width, height: window.height, channels: 3 }, mask };
    },
    close: () => file.close(),
  };
}

function bandsOf({ variables }: RasterFile): readonly RasterVariable[] {
  const bands = variables.filter(
    ({ shape, dtype, attributes }) =>
      shape.length === 2 && dtype === 'uint8' && attributes['colour_interpretation'] !== 'alpha',
  );
  return bands.length >= 3 ? bands.slice(0, 3) : bands.slice(0, 1);
}
