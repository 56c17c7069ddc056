import type { ModisProduct } from './modis-product.js';

/** What a layer of a MODIS product has beside values. */
export interface LayerFlags {
  /** Stored codes by the name of their mask. */
  readonly masks: Readonly<Record<string, readonly number[]>>;
  /** A yes-or-no layer that its classes make: codes of 1 and of 0, all others missing. */
  readonly classes?: {
    readonly name: string;
    readonly yes: readonly number[];
    readonly no: readonly number[];
  };
}

/** Codes that the class layers of sea ice and of snow (before collection 6) share. */
const CLASS_CODES = {
  missing: [0],
  noDecision: [1],
  night: [11],
  land: [25],
  inlandWater: [37],
  openWater: [39],
  cloud: [50],
  lakeIce: [100],
  fill: [255],
} as const;

/** The same codes as kelvin, stored × 100. */
const TEMPERATURE_CODES = {
  missing: [0],
  noDecision: [100],
  night: [1100],
  land: [2500],
  inlandWater: [3700],
  openWater: [3900],
  cloud: [5000],
} as const;

/** NDSI snow cover of collection 6 and 6.1; 225 is land without snow, of fractions before. */
const SNOW_COVER: LayerFlags = {
  masks: {
    missing: [200],
    noDecision: [201],
    night: [211],
    land: [225],
    inlandWater: [237],
    openWater: [239],
    cloud: [250],
    saturated: [254],
    fill: [255],
  },
};

const SNOW_ALBEDO: LayerFlags = {
  masks: {
    missing: [250],
    noDecision: [101],
    night: [111],
    land: [125],
    inlandWater: [137],
    openWater: [139],
    cloud: [150, 151],
    selfShadowing: [251],
    landMaskMismatch: [252],
    reflectionModelFailed: [253],
    nonProduction: [254],
    fill: [255],
  },
};

const SNOW_CLASSES: LayerFlags = {
  masks: { ...CLASS_CODES, snow: [200], saturated: [254] },
  classes: { name: 'snow', yes: [200], no: [25] },
};

/** Flags of a layer; null where it has none that are known (angles, quality bits). */
export function flagsOfLayer(product: ModisProduct, layer: string): LayerFlags | null {
  // The oldest collections have spaces in names, composites the pole at the end.
  const name = layer
    .replace(/^.*\//, '')
    .replace(/ /g, '_')
    .replace(/_[NS]P$/, '');
  if (product.family === 'sea-ice') return seaIceFlags(product, name);
  if (product.family !== 'snow') return null;
  if (/NDSI_Snow_Cover$|^Fractional_Snow_Cover$/.test(name)) return SNOW_COVER;
  if (/^Snow_Albedo/.test(name)) return SNOW_ALBEDO;
  if (/^(Snow_Cover(_Daily_Tile|_Reduced_Cloud)?|Maximum_Snow_Extent)$/.test(name)) {
    return SNOW_CLASSES;
  }
  return null;
}

function seaIceFlags({ shortName }: ModisProduct, name: string): LayerFlags | null {
  const swath = /^M[OY]D29$/.test(shortName);
  if (/^(Sea_Ice_by_(Reflectance|IST)|Combined_Sea_Ice)$/.test(name)) {
    const last: LayerFlags['masks'] = swath
      ? { saturated: [254] }
      : { noInput: [253], nonProduction: [254] };
    return {
      masks: { ...CLASS_CODES, seaIce: [200], ...last },
      classes: { name: 'seaIce', yes: [200], no: [39] },
    };
  }
  if (name !== 'Ice_Surface_Temperature') return null;
  const last: LayerFlags['masks'] = swath
    ? { fill: [65535] }
    : { nonProduction: [500], fill: [700, 65535], noInput: [800] };
  return { masks: { ...TEMPERATURE_CODES, ...last } };
}
