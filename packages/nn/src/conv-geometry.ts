/** Where a filter is applied. */
export interface ConvGeometry {
  readonly stride: number;
  /** Zeros added on every side, in pixels. */
  readonly padding: number;
  readonly dilation: number;
}

export type Shape4D = [number, number, number, number];

/** Output length of a convolution along one axis, as torch counts it. */
export function convOutputLength(
  length: number,
  kernelSize: number,
  geometry: ConvGeometry,
): number {
  const { stride, padding, dilation } = geometry;
  return Math.floor((length + 2 * padding - dilation * (kernelSize - 1) - 1) / stride) + 1;
}
