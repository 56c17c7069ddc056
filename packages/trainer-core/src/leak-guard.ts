/** A growth that goes on and on. */
export interface Leak {
  readonly tensors: number;
  readonly perStep: number;
}

/**
 * Watches the number of tensors after each step; a leak is told once, when each of `steps` steps in
 * a row left more than the one before. What is kept for good (optimizer slots, batches asked for
 * ahead) ends growing sooner.
 *
 * @param steps 0 never tells.
 */
export function createLeakGuard(steps: number): (tensors: number) => Leak | null {
  let last = Infinity;
  let before = 0;
  let growing = 0;
  let told = steps === 0;
  return (tensors) => {
    if (tensors > last) {
      if (growing === 0) before = last;
      growing += 1;
    } else growing = 0;
    last = tensors;
    if (told || growing < steps) return null;
    told = true;
    return { tensors, perStep: (tensors - before) / growing };
  };
}
