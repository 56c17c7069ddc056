import type { Crop } from './box.js';

/** A set of fields over the box, the same for every format. */
export interface Product {
  readonly title: string;
  readonly source: string;
  readonly crop: Crop;
  /** ISO dates: one per step of `fields`. */
  readonly times: readonly string[];
  /** What is measured or forecast, first; then what stands beside it. */
  readonly fields: readonly ProductField[];
  /** [h,w] 1 = ocean inside the box. */
  readonly mask: Uint8Array;
  readonly attribution: readonly string[];
  /** Share of observations within `lower` and `upper`; null without them. */
  readonly intervalLevel: number | null;
  /** More that the JSON answer says, before the arrays. */
  readonly head: Readonly<Record<string, unknown>>;
  /** The arrays of the JSON answer. */
  readonly json: (text: JsonArrays) => Readonly<Record<string, string>>;
}

export interface ProductField {
  readonly name: string;
  readonly longName: string;
  /** A field per step, [h,w], NaN missing. */
  readonly steps: readonly Float32Array[];
  /** Classes instead of concentration. */
  readonly flags?: readonly { readonly value: number; readonly meaning: string }[];
}

/** Makes JSON of arrays on the crop. */
export interface JsonArrays {
  /** [[…]] with null for NaN, so many digits. */
  plane(field: ArrayLike<number>, digits: number): string;
}
