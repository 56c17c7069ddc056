import { damagedXml, numberAt, numbersAt, type XmlNode } from './xml.js';

/** One row of a table: values at some pixels of a line. */
interface Vector {
  readonly line: number;
  readonly pixels: Float64Array;
  readonly values: Float64Array;
}

/** Values given at some lines and pixels of an image, linear between them, constant beyond. */
export class LookupTable {
  readonly lines: readonly number[];
  /** Pixels of the first line of the table. */
  readonly pixels: Float64Array;
  readonly #vectors: readonly Vector[];
  readonly #width: number;
  /** Rows of the image's width, by number of the vector. */
  readonly #rows = new Map<number, Float64Array>();

  /**
   * @param vectors - elements with `line`, `pixel` and values called `name`
   * @param width - pixels of a line of the image
   * @throws DataRealError `DamagedFile`
   */
  constructor(path: string, vectors: readonly XmlNode[], name: string, width: number) {
    this.#vectors = vectors
      .map((vector) => {
        const pixels = numbersAt(path, vector, 'pixel');
        const values = numbersAt(path, vector, name);
        if (pixels.length !== values.length)
          throw damagedXml(path, `${pixels.length} values of ${name}`, `${values.length}`);
        return { line: numberAt(path, vector, 'line'), pixels, values };
      })
      .sort((a, b) => a.line - b.line);
    const [first] = this.#vectors;
    if (!first) throw damagedXml(path, `vectors of ${name}`, 'none');
    this.lines = this.#vectors.map(({ line }) => line);
    this.pixels = first.pixels;
    this.#width = width;
  }

  /** [width] values along a line of the image. */
  row(line: number): Float64Array {
    let above = this.#vectors.length - 1;
    while (above > 0 && (this.lines[above] ?? 0) > line) above -= 1;
    const below = Math.min(above + 1, this.#vectors.length - 1);
    const [from = 0, to = 0] = [this.lines[above], this.lines[below]];
    const part = to > from ? Math.min(1, Math.max(0, (line - from) / (to - from))) : 0;
    const upper = this.#expanded(above);
    if (part === 0) return upper;
    const lower = this.#expanded(below);
    return upper.map((value, i) => value + ((lower[i] ?? 0) - value) * part);
  }

  #expanded(index: number): Float64Array {
    const known = this.#rows.get(index);
    if (known) return known;
    const { pixels, values } = this.#vectors[index] as Vector; // within its length
    const row = new Float64Array(this.#width);
    let k = 0;
    for (let x = 0; x < row.length; x++) {
      while (k < pixels.length - 2 && (pixels[k + 1] ?? 0) <= x) k += 1;
      const [from = 0, to = 0] = [pixels[k], pixels[k + 1]];
      const [a = 0, b = a] = [values[k], values[k + 1]];
      const part = to > from ? Math.min(1, Math.max(0, (x - from) / (to - from))) : 0;
      row[x] = a + (b - a) * part;
    }
    this.#rows.set(index, row);
    return row;
  }
}
