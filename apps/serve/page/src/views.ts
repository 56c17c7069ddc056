import { Projection } from 'ol/proj.js';
import { coordinateTransform } from '@arctic/raster/geometry';
import type { Hemisphere } from './shapes.js';

/** A map of one pole. */
export interface PolarView {
  readonly crs: string;
  readonly projection: Projection;
  readonly toDegrees: (x: number, y: number) => readonly [longitude: number, latitude: number];
  readonly toMap: (longitude: number, latitude: number) => readonly [x: number, y: number];
}

/** Half the side of the square that can be looked at, metres. */
const HALF_SIDE = 9e6;
const TRUE_SCALE = { north: 70, south: 70 } as const;
const CODES = { north: 'EPSG:3413', south: 'EPSG:3976' } as const;

/** NSIDC's polar stereographic map of a pole on WGS 84. */
export function polarView(pole: Hemisphere): PolarView {
  const crs = CODES[pole];
  const toDegrees = coordinateTransform(crs, 'EPSG:4326');
  const trueAt = 1 + Math.sin((TRUE_SCALE[pole] * Math.PI) / 180);
  return {
    crs,
    toDegrees,
    toMap: coordinateTransform('EPSG:4326', crs),
    projection: new Projection({
      code: crs,
      units: 'm',
      extent: [-HALF_SIDE, -HALF_SIDE, HALF_SIDE, HALF_SIDE],
      getPointResolution(resolution, [x = 0, y = 0]) {
        const [, latitude] = toDegrees(x, y);
        const scale = trueAt / (1 + Math.sin((Math.abs(latitude) * Math.PI) / 180));
        return resolution / scale;
      },
    }),
  };
}
