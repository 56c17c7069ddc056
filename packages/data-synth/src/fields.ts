/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = value <= low ? 0 : value >= high ? 1 : (value - low) / (high - low);
  return t * t * (3 - 2 * t);
}

/** `value` held between `low` and `high`. */
export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

/**
 * Returns how steeply a height field [H,W] faces a light from `angle`: positive on the lit side,
 * negative in shadow. Edges repeat.
 */
export function hillshade(
  heights: Float32Array,
  width: number,
  height: number,
  angle: number,
): Float32Array {
  const out = new Float32Array(heights.length);
  const cos = Math.cos(angle) / 2;
  const sin = Math.sin(angle) / 2;
  for (let row = 0; row < height; row++) {
    const up = row === 0 ? 0 : -width;
    const down = row === height - 1 ? 0 : width;
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const left = column === 0 ? i : i - 1;
      const right = column === width - 1 ? i : i + 1;
      const dx = (heights[right] ?? 0) - (heights[left] ?? 0);
      const dy = (heights[i + down] ?? 0) - (heights[i + up] ?? 0);
      out[i] = dx * cos + dy * sin;
    }
  }
  return out;
}

/** Smooths `field` [H,W] in place by the kernel (w, 1 − 2w, w) along rows and columns. Edges repeat. */
export function blurInto(out: Float32Array, width: number, height: number, weight: number): void {
  const middle = 1 - 2 * weight;
  for (let row = 0; row < height; row++) {
    const end = row * width + width - 1;
    let before = out[row * width] ?? 0;
    for (let i = row * width; i <= end; i++) {
      const here = out[i] ?? 0;
      const after = i === end ? here : (out[i + 1] ?? 0);
      out[i] = middle * here + weight * (before + after);
      before = here;
    }
  }
  const above = out.slice(0, width);
  for (let row = 0; row < height; row++) {
    const last = row === height - 1;
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const here = out[i] ?? 0;
      const below = last ? here : (out[i + width] ?? 0);
      out[i] = middle * here + weight * ((above[column] ?? 0) + below);
      above[column] = here;
    }
  }
}

/** Returns the value below which the share `share` (0..1) of the field lies, from up to 4096 samples. */
export function quantile(field: Float32Array, share: number): number {
  const step = Math.max(1, Math.floor(field.length / 4096));
  const picked = new Float32Array(Math.ceil(field.length / step));
  for (let i = 0; i < picked.length; i++) picked[i] = field[i * step] ?? 0;
  picked.sort();
  return picked[Math.min(picked.length - 1, Math.max(0, Math.floor(share * picked.length)))] ?? 0;
}

/** Returns the field [H,W] read at fractional positions by bilinear interpolation. Edges repeat. */
export function bilinear(
  field: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
): number {
  const cx = clamp(x, 0, width - 1.001);
  const cy = clamp(y, 0, height - 1.001);
  const left = Math.floor(cx);
  const top = Math.floor(cy);
  const fx = cx - left;
  const fy = cy - top;
  const i = top * width + left;
  const a = field[i] ?? 0;
  const c = field[i + width] ?? 0;
  const upper = a + ((field[i + 1] ?? 0) - a) * fx;
  const lower = c + ((field[i + width + 1] ?? 0) - c) * fx;
  return upper + (lower - upper) * fy;
}
