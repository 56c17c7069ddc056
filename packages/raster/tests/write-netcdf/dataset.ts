import type { GridDataset, GridVariable } from '../../src/grid-dataset.js';
import type { StoredArray } from '../../src/raster-file.js';

export const HEIGHT = 5;
export const WIDTH = 4;

/** A variable whose rows are cut from all its stored numbers. */
export function variable(
  parts: Omit<GridVariable, 'rows' | 'longName'>,
  all: StoredArray,
  height = HEIGHT,
  width = WIDTH,
): GridVariable {
  return {
    longName: `the ${parts.name}`,
    ...parts,
    rows(step, first, count) {
      const at = (step * height + first) * width;
      return all.slice(at, at + count * width);
    },
  };
}

export const SIC = Int16Array.from({ length: 3 * HEIGHT * WIDTH }, (_, i) =>
  i % 7 === 0 ? -999 : i % 101,
);
export const THICKNESS = Float32Array.from({ length: HEIGHT * WIDTH }, (_, i) =>
  i === 3 ? NaN : i / 3,
);
export const CLASSES = Uint8Array.from({ length: HEIGHT * WIDTH }, (_, i) =>
  i === 9 ? 255 : i % 3,
);

export const THICKNESS_MAP = variable(
  { name: 'thickness', dtype: 'float32', overTime: false, units: 'm', fill: NaN },
  THICKNESS,
);

/** Scaled concentration, over time where there is any. */
export function concentration(overTime = true): GridVariable {
  return variable(
    {
      name: 'sic',
      dtype: 'int16',
      overTime,
      units: '1',
      standardName: 'sea_ice_area_fraction',
      fill: -999,
      scale: 0.01,
      attributes: { valid_min: 0, valid_max: 100, cell_methods: 'area: mean' },
    },
    SIC,
  );
}

/** Three days of concentration, one map of thickness and one of classes. */
export function dataset(overrides: Partial<GridDataset> = {}): GridDataset {
  return {
    height: HEIGHT,
    width: WIDTH,
    crs: 'EPSG:3413',
    transform: [-500000, 25000, 0, 1000000, 0, -25000],
    times: ['2016-09-30', '2016-10-01', '2016-10-03'],
    attributes: {
      title: 'A forecast, 5 °C',
      count: 3,
      part: 0.5,
      list: [1, 2],
      words: ['a', 'bc'],
    },
    variables: [
      concentration(overrides.times !== null),
      THICKNESS_MAP,
      variable(
        {
          name: 'ice_class',
          dtype: 'uint8',
          overTime: false,
          units: null,
          fill: 255,
          flags: [
            { value: 0, meaning: 'open water' },
            { value: 1, meaning: 'thin ice' },
            { value: 2, meaning: 'thick ice' },
          ],
        },
        CLASSES,
      ),
    ],
    ...overrides,
  };
}
