import Feature from 'ol/Feature.js';
import MultiLineString from 'ol/geom/MultiLineString.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import { contourLines, type Transform } from '@arctic/raster/geometry';
import type { Place } from './place.js';
import type { Domain } from './shapes.js';
import type { MapColours } from './theme.js';

/** Concentration at the ice edge. */
export const ICE_EDGE = 0.15;

/** The line where concentration passes 15 %. */
export function edgeLayer() {
  const source = new VectorSource();
  const layer = new VectorLayer({ source });
  return {
    layer,
    paint({ edge, halo }: MapColours) {
      layer.setStyle([
        new Style({ stroke: new Stroke({ color: halo, width: 3.6 }) }),
        new Style({ stroke: new Stroke({ color: edge, width: 2 }) }),
      ]);
    },
    show(
      concentration: Float32Array | null,
      grid: Domain['grid'] | undefined,
      place: Place | null,
    ) {
      source.clear();
      if (!concentration || !grid || !place) return;
      const { height, width, transform } = grid;
      const lines = contourLines(
        concentration,
        height,
        width,
        ICE_EDGE,
        transform as unknown as Transform, // six numbers, says the schema
      );
      const onMap = lines.coordinates.map((line) => line.map(([x, y]) => [...place.toMap(x, y)]));
      source.addFeature(new Feature(new MultiLineString(onMap)));
    },
  };
}
