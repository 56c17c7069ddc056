import { cellAreas, coordinateTransform, type Transform } from '@arctic/raster';
import { DataRealError } from './errors.js';
import { polarStereographicGrid, type Hemisphere, type PolarGrid } from './polar-stereographic.js';

/** Grids that sea-ice products come on, by name. */
export type SeaIceGridName =
  | 'psn25'
  | 'pss25'
  | 'ease2n25'
  | 'ease2s25'
  | 'ease2n12.5'
  | 'ease2s12.5'
  | 'osisaf-nh10'
  | 'osisaf-sh10';

interface Definition {
  readonly hemisphere: Hemisphere;
  readonly crs: string;
  readonly height: number;
  readonly width: number;
  readonly transform: Transform;
}

function square(hemisphere: Hemisphere, cells: number, metres: number): Definition {
  const half = (cells * metres) / 2;
  return {
    hemisphere,
    crs: hemisphere === 'north' ? 'EPSG:6931' : 'EPSG:6932',
    height: cells,
    width: cells,
    transform: [-half, metres, 0, half, 0, -metres],
  };
}

/** NSIDC's own grids are computed by `polarStereographicGrid`; the others here. */
const GRIDS: Readonly<Record<Exclude<SeaIceGridName, 'psn25' | 'pss25'>, Definition>> = {
  ease2n25: square('north', 432, 25_000),
  ease2s25: square('south', 432, 25_000),
  'ease2n12.5': square('north', 864, 12_500),
  'ease2s12.5': square('south', 864, 12_500),
  'osisaf-nh10': {
    hemisphere: 'north',
    crs: 'EPSG:3411',
    height: 1120,
    width: 760,
    transform: [-3_850_000, 10_000, 0, 5_850_000, 0, -10_000],
  },
  'osisaf-sh10': {
    hemisphere: 'south',
    crs: 'EPSG:3412',
    height: 830,
    width: 790,
    transform: [-3_950_000, 10_000, 0, 4_350_000, 0, -10_000],
  },
};

/**
 * A grid of the products with latitude, longitude and true area of every cell: NSIDC's polar
 * stereographic 25 km grids (`psn25`, `pss25`), EASE-Grid 2.0 as OSI SAF and ESA CCI cut it (432² of
 * 25 km, 864² of 12.5 km), and OSI SAF's operational 10 km grids.
 *
 * EASE-Grid 2.0 keeps areas: every cell has 625 or 156.25 km².
 *
 * @throws DataRealError `InvalidOption` for another name.
 *
 * @example
 * ```ts
 * seaIceGrid('ease2n25').area[0]; // 625
 * ```
 */
export function seaIceGrid(name: SeaIceGridName): PolarGrid {
  if (name === 'psn25') return polarStereographicGrid('north');
  if (name === 'pss25') return polarStereographicGrid('south');
  const definition = Object.hasOwn(GRIDS, name) ? GRIDS[name] : undefined;
  if (!definition) {
    throw new DataRealError(
      'InvalidOption',
      `Expected a grid out of: psn25, pss25, ${Object.keys(GRIDS).join(', ')}. Received: ${JSON.stringify(name)}. Take one of these names.`,
    );
  }
  const { hemisphere, crs, height, width, transform } = definition;
  const [x0, dx, , y0, , dy] = transform;
  const toLonLat = coordinateTransform(crs, 'EPSG:4326');
  const lat = new Float64Array(height * width);
  const lon = new Float64Array(height * width);
  for (let i = 0; i < lat.length; i++) {
    const [x, y] = toLonLat(x0 + ((i % width) + 0.5) * dx, y0 + (Math.floor(i / width) + 0.5) * dy);
    lon[i] = x;
    lat[i] = y;
  }
  const area = cellAreas({ crs, transform, height, width });
  return { hemisphere, height, width, grid: { name, crs, transform }, lat, lon, area };
}
