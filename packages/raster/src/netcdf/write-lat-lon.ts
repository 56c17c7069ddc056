import { coordinateTransform } from '../crs/crs.js';
import type { Transform } from '../raster.js';
import type { CfVariable } from './write-cf-variable.js';

/** Pixels from this length on keep their place in float32, which is good to a metre. */
const COARSE_PIXEL_M = 100;

/** Latitude and longitude of the cells of a projected grid, computed row by row. */
export function latLonVariables(
  height: number,
  width: number,
  crs: string,
  [x0, dx, , y0, , dy]: Transform,
): readonly CfVariable[] {
  const toLonLat = coordinateTransform(crs, 'EPSG:4326');
  const coarse = Math.min(dx, -dy) >= COARSE_PIXEL_M;
  const variable = (name: 'lat' | 'lon', standardName: string, units: string): CfVariable => ({
    name,
    dtype: coarse ? 'float32' : 'float64',
    dims: ['y', 'x'],
    shape: [height, width],
    fill: null,
    attributes: {
      standard_name: standardName,
      long_name: `${standardName} of cell centre`,
      units,
    },
    rows(_, first, count) {
      const out = coarse ? new Float32Array(count * width) : new Float64Array(count * width);
      for (let row = 0; row < count; row++) {
        const y = y0 + (first + row + 0.5) * dy;
        for (let column = 0; column < width; column++) {
          const [lon, lat] = toLonLat(x0 + (column + 0.5) * dx, y);
          out[row * width + column] = name === 'lat' ? lat : lon;
        }
      }
      return out;
    },
  });
  return [
    variable('lat', 'latitude', 'degrees_north'),
    variable('lon', 'longitude', 'degrees_east'),
  ];
}
