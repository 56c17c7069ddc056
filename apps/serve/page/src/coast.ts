import Feature from 'ol/Feature.js';
import Polygon from 'ol/geom/Polygon.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import { feature } from 'topojson-client';
import landUrl from 'world-atlas/land-50m.json?url';
import type { Hemisphere } from './shapes.js';
import type { MapColours } from './theme.js';
import type { PolarView } from './views.js';

/** Land on the far side of the earth is drawn no further than so many degrees beyond the equator: it lies outside the map. */
const FARTHEST = 10;

type Topology = Parameters<typeof feature>[0];

let topology: Promise<Topology> | null = null;

/** The rings of all land, [lon, lat]; they go over the dateline and round the pole without a cut. */
async function landRings(): Promise<readonly (readonly (readonly number[])[])[][]> {
  topology ??= fetch(landUrl).then(async (answer) => (await answer.json()) as Topology); // a file of ours
  const land = await topology;
  const found = feature(land, land.objects['land'] as Topology['objects'][string]); // as world-atlas names it
  const features = 'features' in found ? found.features : [found];
  return features.flatMap(({ geometry }) =>
    geometry.type === 'MultiPolygon'
      ? geometry.coordinates
      : geometry.type === 'Polygon'
        ? [geometry.coordinates]
        : [],
  );
}

/** Land under the values, and coastlines over them. */
export function coastLayers() {
  const source = new VectorSource();
  const land = new VectorLayer({ source });
  const lines = new VectorLayer({ source });
  return {
    land,
    lines,
    paint({ land: fill, coast }: MapColours) {
      land.setStyle(new Style({ fill: new Fill({ color: [...fill] }) }));
      lines.setStyle(new Style({ stroke: new Stroke({ color: coast, width: 0.8 }) }));
    },
    /** Puts the land of a pole on its map. */
    async show(pole: Hemisphere, { toMap }: PolarView, isStill: () => boolean) {
      const rings = await landRings();
      if (!isStill()) return;
      const side = pole === 'north' ? 1 : -1;
      source.clear();
      source.addFeatures(
        rings
          .filter(([outer]) => outer?.some(([, latitude = 0]) => latitude * side > 0))
          .map(
            (polygon) =>
              new Feature(
                new Polygon(
                  polygon.map((ring) =>
                    ring.map(([longitude = 0, latitude = 0]) => [
                      ...toMap(longitude, side * Math.max(-FARTHEST, side * latitude)),
                    ]),
                  ),
                ),
              ),
          ),
      );
    },
  };
}
