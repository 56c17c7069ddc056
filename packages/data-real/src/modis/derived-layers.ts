import { makeVariable, type RasterVariable } from '@arctic/raster';
import { flagsOfLayer, type LayerFlags } from './flag-codes.js';
import type { ModisProduct } from './modis-product.js';
import { isStateLayer, STATE_MASKS } from './state-bits.js';

/** What `derived` classes read where a cell is neither yes nor no. */
const NEITHER = 255;

/**
 * Masks and yes-or-no layers that the codes and bits of a layer make, each on its grid: `Layer/mask`
 * with 1 where it holds and 0 elsewhere.
 */
export function derivedLayers(
  path: string,
  product: ModisProduct,
  layer: RasterVariable,
): readonly RasterVariable[] {
  if (product.family === 'reflectance') {
    if (!isStateLayer(layer.name)) return [];
    return Object.entries(STATE_MASKS).map(([name, test]) =>
      mapped(path, layer, name, (state) => (test(state) ? 1 : 0)),
    );
  }
  const flags = flagsOfLayer(product, layer.name);
  return flags ? flagLayers(path, layer, flags) : [];
}

function flagLayers(
  path: string,
  layer: RasterVariable,
  { masks, classes }: LayerFlags,
): RasterVariable[] {
  const layers = Object.entries(masks).map(([name, codes]) =>
    mapped(path, layer, name, (code) => (codes.includes(code) ? 1 : 0)),
  );
  if (!classes) return layers;
  const { name, yes, no } = classes;
  const known = mapped(path, layer, `${name}OrNot`, (code) =>
    yes.includes(code) ? 1 : no.includes(code) ? 0 : NEITHER,
  );
  return [...layers, known];
}

function mapped(
  path: string,
  layer: RasterVariable,
  name: string,
  valueOf: (stored: number) => number,
): RasterVariable {
  return makeVariable({
    path,
    name: `${layer.name}/${name}`,
    dims: layer.dims,
    shape: layer.shape,
    dtype: 'uint8',
    units: '1',
    decoding: { scale: 1, offset: 0, missing: [NEITHER], validMin: 0, validMax: 1 },
    placement: layer.placement,
    times: layer.times,
    chunkShape: layer.chunkShape,
    load: async (region) => Uint8Array.from(await layer.readStored(region), valueOf),
  });
}
