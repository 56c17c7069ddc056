import { UNKNOWN } from './scene-classes.js';

/**
 * Constants of the rule, in 8-bit numbers of NASA's corrected reflectance pictures.
 *
 * The brightness limits are those of Iqrah et al. for Sentinel-2 (HSV value: open water to 30, thick
 * or snow-covered ice from 205). Worldview's true colour is stretched (0, 30, 60, 120, 190, 255
 * become 0, 110, 160, 210, 240, 255), which moves the limit of dark water from 30 to 110; in the
 * pictures of 13 September 2022 off NE Greenland that is the valley between water and ice.
 *
 * References: Iqrah et al. (2023), arXiv 2303.12719; Gumley, Descloitres and Schmaltz (2010),
 * Creating Reprojected True Color MODIS Images: A Tutorial.
 */
export const COLOUR_RULE = {
  /** Largest of R, G and B below which a pixel is open water. */
  openWaterBelow: 110,
  /** Largest of R, G and B from which a pixel is bright, snow-covered ice. */
  thickIceFrom: 205,
  /** Mean of band 7 (2.1 µm: ice and water are dark, cloud droplets bright) from which it is cloud. */
  cloudFrom: 40,
  /** Pixels a side of that mean: one alone is bright where bands of 250 and 500 m do not meet. */
  cloudWindow: 7,
} as const;

/** The same pixels of the pictures of one overpass. */
export interface ColourPictures {
  readonly height: number;
  readonly width: number;
  /** [H,W,3] uint8, bands 1-4-3. */
  readonly trueColour: Uint8Array;
  /** [H,W,3] uint8, bands 7-2-1. */
  readonly falseColour: Uint8Array;
  /** [H,W], 1 where both pictures have a pixel. */
  readonly valid: Uint8Array;
  /** [H,W], 1 on land. */
  readonly land: Uint8Array;
}

/**
 * Open water, thin or broken ice, bright ice by colour, [H,W] uint8: 0, 1, 2, or 255 on land, under
 * cloud and where there is no pixel.
 *
 * It labels brightness, not thickness: a pixel of broken floes and water is `thin_ice`, a floe
 * without snow too, thin ice under snow is `thick_ice`. Cloud of ice crystals and shadows of clouds
 * go unseen.
 */
export function classesByColour(pictures: ColourPictures): Uint8Array {
  const { height, width, trueColour, valid, land } = pictures;
  const { openWaterBelow, thickIceFrom, cloudFrom } = COLOUR_RULE;
  const band7 = meanOfBand7(pictures);
  const classes = new Uint8Array(height * width).fill(UNKNOWN);
  for (let i = 0; i < classes.length; i++) {
    if (!valid[i] || land[i] || (band7[i] ?? 0) >= cloudFrom) continue;
    const value = Math.max(...trueColour.subarray(3 * i, 3 * i + 3));
    classes[i] = value < openWaterBelow ? 0 : value < thickIceFrom ? 1 : 2;
  }
  return classes;
}

/** Mean of red of the false colour over the valid pixels round each. */
function meanOfBand7({ height, width, falseColour, valid }: ColourPictures): Float32Array {
  const reach = (COLOUR_RULE.cloudWindow - 1) / 2;
  const out = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let [sum, count] = [0, 0];
      for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++) {
        for (let x = Math.max(0, column - reach); x <= Math.min(width - 1, column + reach); x++) {
          const i = y * width + x;
          if (!valid[i]) continue;
          sum += falseColour[3 * i] ?? 0;
          count += 1;
        }
      }
      out[row * width + column] = count === 0 ? 0 : sum / count;
    }
  }
  return out;
}
