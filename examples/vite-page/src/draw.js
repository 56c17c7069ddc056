const LAND = [150, 140, 125];
const WATER = [12, 44, 90];
const ICE = [245, 250, 255];

/** A canvas of concentration [H,W], 0..1: water blue, ice white, land brown. */
export function drawField(field, { side, ocean }) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d');
  const image = context.createImageData(side, side);
  field.forEach((sic, cell) => {
    const color = ocean[cell] ? WATER.map((low, i) => low + sic * (ICE[i] - low)) : LAND;
    image.data.set([...color, 255], 4 * cell);
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A figure of one map with its words. */
export function figureOf(canvas, words) {
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = words;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', words);
  figure.append(canvas, caption);
  return figure;
}
