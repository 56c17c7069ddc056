/** The three classes, in the order of their numbers. */
export const ICE_CLASSES = ['open_water', 'thin_ice', 'thick_ice'] as const;

/** 0 open water, 1 thin ice, 2 thick ice. */
export type IceClass = 0 | 1 | 2;

/** Light coming back from a surface, before lighting and camera. Both fields are float32 [H,W]. */
export interface Surface {
  /** Reflectance, about 0..1: dark water near 0.15, fresh snow near 0.9. */
  readonly luminance: Float32Array;
  /** How blue-green the surface is, 0 (snow) .. 1 (melt pond, clear water). */
  readonly wetness: Float32Array;
}
