/** Bytes that are read at once without waste, where values lie one after the other. */
const BOX = 1 << 20;

/** A box of whole rows of about a megabyte, for arrays that are not cut into chunks. */
export function cheapBox(shape: readonly number[], elementSize: number): readonly number[] {
  let left = Math.max(1, Math.floor(BOX / elementSize));
  return shape
    .toReversed()
    .map((length) => {
      const here = Math.max(1, Math.min(length, left));
      left = Math.floor(left / here);
      return here;
    })
    .toReversed();
}
