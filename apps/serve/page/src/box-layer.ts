import Feature from 'ol/Feature.js';
import Polygon from 'ol/geom/Polygon.js';
import PointerInteraction from 'ol/interaction/Pointer.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import { boxOfDrag, faultOf, outlineOf, turnBetween, type Box } from './box.js';
import type { MapColours } from './theme.js';
import type { PolarView } from './views.js';

/** The outline of the box. */
export function boxLayer() {
  const source = new VectorSource();
  const layer = new VectorLayer({ source });
  return {
    layer,
    paint({ box, halo }: MapColours) {
      layer.setStyle([
        new Style({ stroke: new Stroke({ color: halo, width: 3 }) }),
        new Style({ stroke: new Stroke({ color: box, width: 1.5, lineDash: [6, 4] }) }),
      ]);
    },
    show(box: Box | null, { toMap }: PolarView) {
      source.clear();
      if (!box || faultOf(box)) return;
      const ring = outlineOf(box).map(([longitude, latitude]) => [...toMap(longitude, latitude)]);
      if (ring.every((position) => position.every(Number.isFinite)))
        source.addFeature(new Feature(new Polygon([ring])));
    },
  };
}

/**
 * Draws a box with the pointer. Which way round the pole is meant is told by the way the pointer took.
 *
 * @param isOn whether dragging draws; otherwise it moves the map, except with Shift held.
 */
export function boxDrawing(
  viewOf: () => PolarView,
  isOn: () => boolean,
  onBox: (box: Box, done: boolean) => void,
): PointerInteraction {
  let from: readonly [number, number] = [0, 0];
  let last = 0;
  let turn = 0;
  let box: Box | null = null;
  const degrees = ([x = 0, y = 0]: readonly number[]) => viewOf().toDegrees(x, y);
  return new PointerInteraction({
    handleDownEvent({ coordinate, originalEvent }) {
      const shift = 'shiftKey' in originalEvent && originalEvent.shiftKey === true;
      if (!isOn() && !shift) return false;
      from = degrees(coordinate);
      last = from[0];
      turn = 0;
      box = null;
      return true;
    },
    handleDragEvent({ coordinate }) {
      const to = degrees(coordinate);
      turn += turnBetween(last, to[0]);
      last = to[0];
      const drawn = boxOfDrag(from, to, turn);
      if (faultOf(drawn)) return;
      box = drawn;
      onBox(drawn, false);
    },
    handleUpEvent() {
      if (box) onBox(box, true);
      return false;
    },
    stopDown: (handled) => handled,
  });
}
