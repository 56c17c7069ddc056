import { openNsidcGridFile } from './products/nsidc-grid-file.js';

/** Regions of NSIDC-0780 and of the masks before it, by number. */
export const ARCTIC_REGIONS: Readonly<Record<number, string>> = {
  0: 'open_ocean_outside_of_regions',
  1: 'central_arctic',
  2: 'beaufort_sea',
  3: 'chukchi_sea',
  4: 'east_siberian_sea',
  5: 'laptev_sea',
  6: 'kara_sea',
  7: 'barents_sea',
  8: 'east_greenland_sea',
  9: 'baffin_bay_and_labrador_seas',
  10: 'gulf_of_st_lawrence',
  11: 'hudson_bay',
  12: 'canadian_archipelago',
  13: 'bering_sea',
  14: 'sea_of_okhotsk',
  15: 'sea_of_japan',
  16: 'bohai_and_yellow_seas',
  17: 'baltic_sea',
  18: 'gulf_of_alaska',
  30: 'land',
  31: 'coast',
  32: 'lakes',
};

/** Numbers of `ARCTIC_REGIONS` from here on are no sea. */
const FIRST_DRY = 30;

/** Which region of the ocean each cell belongs to. */
export interface RegionMask {
  /** [H,W] uint8, key of `ARCTIC_REGIONS`. */
  readonly regions: Uint8Array;
  /** [H,W] uint8, 1 where the cell is sea. */
  readonly ocean: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/**
 * The region mask of the northern 25 km grid (NSIDC-0780,
 * `RegionMask_NH_ps25km_304x448_2021.bin`), or a land mask of the same form.
 *
 * @throws DataRealError `MissingInput`, `DamagedFile`, `UnsupportedFormat`
 */
export async function readRegionMask(path: string): Promise<RegionMask> {
  const file = await openNsidcGridFile(path);
  const [variable] = file.variables;
  const [height = 0, width = 0] = variable?.shape ?? [];
  const regions = Uint8Array.from((await variable?.readStored()) ?? []);
  return { regions, ocean: regions.map((code) => (code < FIRST_DRY ? 1 : 0)), height, width };
}
