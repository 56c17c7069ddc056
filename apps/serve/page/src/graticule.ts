import Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';
import type { Hemisphere } from './shapes.js';
import type { MapColours } from './theme.js';
import type { PolarView } from './views.js';

/** Latitudes without sign: meridians go from the first to the last. */
const PARALLELS = [40, 50, 60, 70, 80] as const;
const MERIDIANS = 30;
/** Meridians in between stop short of the pole, where they would crowd. */
const NEAREST = 85;

/** Meridians and parallels with their degrees. */
export function graticuleLayer() {
  const source = new VectorSource();
  const layer = new VectorLayer({ source, declutter: true });
  return {
    layer,
    paint({ line, label, halo }: MapColours) {
      const stroke = new Stroke({ color: line, width: 1 });
      layer.setStyle((feature) => {
        const text: unknown = feature.get('text');
        return typeof text !== 'string'
          ? new Style({ stroke })
          : new Style({
              text: new Text({
                text,
                font: '10.5px system-ui, sans-serif',
                fill: new Fill({ color: label }),
                stroke: new Stroke({ color: halo, width: 3 }),
              }),
            });
      });
    },
    show(pole: Hemisphere, { toMap }: PolarView) {
      const side = pole === 'north' ? 1 : -1;
      const at = (longitude: number, latitude: number) => [...toMap(longitude, side * latitude)];
      const features: Feature[] = [];
      for (const latitude of PARALLELS) {
        const ring = Array.from({ length: 181 }, (_, i) => at(2 * i - 180, latitude));
        features.push(new Feature(new LineString(ring)));
        for (const longitude of [-165, 15])
          features.push(
            new Feature({
              geometry: new Point(at(longitude, latitude)),
              text: `${latitude}° ${side > 0 ? 'N' : 'S'}`,
            }),
          );
      }
      for (let longitude = -180; longitude < 180; longitude += MERIDIANS) {
        const end = longitude % 90 === 0 ? 90 : NEAREST;
        features.push(
          new Feature(new LineString([at(longitude, PARALLELS[0]), at(longitude, end)])),
        );
        for (const latitude of [46, 59, 73])
          features.push(
            new Feature({ geometry: new Point(at(longitude, latitude)), text: named(longitude) }),
          );
      }
      source.clear();
      source.addFeatures(features);
    },
  };
}

function named(longitude: number): string {
  if (longitude === 0) return '0°';
  if (longitude === -180) return '180°';
  return `${Math.abs(longitude)}° ${longitude > 0 ? 'E' : 'W'}`;
}
