/** Whether a cell is such, by its 16 bits of surface-reflectance state. */
type StateTest = (state: number) => boolean;

/** The number that bits `from` upwards make. */
function field(state: number, from: number, bits: number): number {
  return (state >> from) & ((1 << bits) - 1);
}

/** Kinds of bits 3–5. */
const SURFACE = {
  shallowOcean: 0,
  land: 1,
  coast: 2,
  shallowInlandWater: 3,
  ephemeralWater: 4,
  deepInlandWater: 5,
  continentalOcean: 6,
  deepOcean: 7,
} as const;

const OCEAN: readonly number[] = [
  SURFACE.shallowOcean,
  SURFACE.continentalOcean,
  SURFACE.deepOcean,
];
const INLAND_WATER: readonly number[] = [
  SURFACE.shallowInlandWater,
  SURFACE.ephemeralWater,
  SURFACE.deepInlandWater,
];

/** The state of cells that were not seen. */
const FILL = 65535;

/**
 * Masks in the state bits of MOD09 (`state_1km_1`, `sur_refl_state_500m`), after the MODIS Surface
 * Reflectance User's Guide, collection 6:
 *
 * | bits | meaning |
 * |---|---|
 * | 0–1 | cloud state: 0 clear, 1 cloudy, 2 mixed, 3 not set (assumed clear) |
 * | 2 | cloud shadow |
 * | 3–5 | 0 shallow ocean, 1 land, 2 coast, 3 shallow inland, 4 ephemeral, 5 deep inland water, 6 continental, 7 deep ocean |
 * | 6–7 | aerosol quantity: 0 climatology, 1 low, 2 average, 3 high |
 * | 8–9 | cirrus: 0 none, 1 small, 2 average, 3 high |
 * | 10 | cloud, by the test of the reflectance algorithm |
 * | 11 | fire |
 * | 12 | snow or ice, by MOD35 |
 * | 13 | beside a cloud |
 * | 14 | salt pan (BRDF correction before collection 6) |
 * | 15 | snow, by the test of the reflectance algorithm |
 */
export const STATE_MASKS: Readonly<Record<string, StateTest>> = {
  fill: (state) => state === FILL,
  cloud: seen((state) => field(state, 0, 2) === 1 || field(state, 0, 2) === 2),
  cloudShadow: seen((state) => field(state, 2, 1) === 1),
  land: seen((state) => field(state, 3, 3) === SURFACE.land),
  coast: seen((state) => field(state, 3, 3) === SURFACE.coast),
  inlandWater: seen((state) => INLAND_WATER.includes(field(state, 3, 3))),
  ocean: seen((state) => OCEAN.includes(field(state, 3, 3))),
  cirrus: seen((state) => field(state, 8, 2) > 0),
  internalCloud: seen((state) => field(state, 10, 1) === 1),
  snowOrIce: seen((state) => field(state, 12, 1) === 1),
  besideCloud: seen((state) => field(state, 13, 1) === 1),
  internalSnow: seen((state) => field(state, 15, 1) === 1),
};

/** Cells that were not seen are in no mask but `fill`. */
function seen(test: StateTest): StateTest {
  return (state) => state !== FILL && test(state);
}

/** Whether a layer holds state bits. */
export function isStateLayer(name: string): boolean {
  return /^(state_1km_\w+|sur_refl_state_\d+m)$/.test(name.replace(/^.*\//, ''));
}
