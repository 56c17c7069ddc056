import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import ScaleLine from 'ol/control/ScaleLine.js';
import Zoom from 'ol/control/Zoom.js';
import { getIntersection, isEmpty } from 'ol/extent.js';
import { defaults as interactions } from 'ol/interaction/defaults.js';
import 'ol/ol.css';
import { boxDrawing, boxLayer } from './box-layer.js';
import { cellLayer } from './cell-image.js';
import { coastLayers } from './coast.js';
import { byId } from './dom.js';
import { graticuleLayer } from './graticule.js';
import { edgeLayer } from './ice-edge.js';
import { forecastOf, layerOf } from './layers.js';
import { placeOf, type Place } from './place.js';
import type { Page, State } from './state.js';
import { MAP_COLOURS } from './theme.js';
import { polarView, type PolarView } from './views.js';

/** The map and what lies on it. */
export interface IceMap {
  readonly map: OlMap;
  readonly view: PolarView;
  /** Where the cells of the grid lie; null without a grid. */
  readonly place: Place | null;
  /** Whether dragging draws the box. */
  drawing: boolean;
  /** Shows the grid as far as sea ice is to be looked for, or the pole without one. */
  showAll(): void;
}

/** What is looked at first, [minX, minY, maxX, maxY] in metres: where the sea ice is. */
const FIRST = {
  north: [-2.7e6, -2.5e6, 2.5e6, 2.5e6],
  south: [-3.6e6, -3.6e6, 3.6e6, 3.6e6],
} as const;

export function startMap(page: Page): IceMap {
  const target = byId('map', HTMLDivElement);
  const coast = coastLayers();
  const cells = cellLayer();
  const graticule = graticuleLayer();
  const edge = edgeLayer();
  const box = boxLayer();
  const map = new OlMap({
    target,
    layers: [coast.land, cells.layer, coast.lines, graticule.layer, edge.layer, box.layer],
    controls: [new Zoom(), new ScaleLine({ minWidth: 80 })],
    interactions: interactions({
      keyboard: false,
      shiftDragZoom: false,
      altShiftDragRotate: false,
      pinchRotate: false,
    }),
  });

  let place: Place | null = null;
  let view = polarView(page.now.pole);
  const self: IceMap = {
    map,
    get view() {
      return view;
    },
    get place() {
      return place;
    },
    drawing: false,
    showAll() {
      const first = [...FIRST[page.now.pole]];
      const both = place ? getIntersection(first, [...place.extent]) : first;
      map.getView().fit(isEmpty(both) ? first : both, { padding: [20, 20, 90, 20] });
    },
  };
  map.addInteraction(
    boxDrawing(
      () => view,
      () => self.drawing,
      (drawn) => page.set({ box: drawn, panel: 'panel-box' }),
    ),
  );

  const showPole = ({ pole }: State) => {
    view = polarView(pole);
    map.setView(
      new View({
        projection: view.projection,
        center: [0, 0],
        resolution: 15_000,
        minResolution: 300,
        maxResolution: 30_000,
        extent: [-6e6, -6e6, 6e6, 6e6],
        constrainOnlyCenter: true,
        enableRotation: false,
      }),
    );
    graticule.show(pole, view);
    void coast.show(pole, view, () => page.now.pole === pole);
  };
  const showGrid = ({ domain, pole }: State) => {
    place = domain && domain.hemisphere === pole ? placeOf(domain.grid, view.crs) : null;
    self.showAll();
  };
  const showCells = (state: State) => {
    const layer = layerOf(state.layer);
    const shown = layer.of(state);
    const colours = MAP_COLOURS[state.theme];
    cells.set(place && typeof shown !== 'string' ? { place, shown, layer, colours } : null);
  };
  const showEdge = (state: State) => {
    const concentration =
      state.layer === 'observed' ? (state.observed?.sic ?? null) : forecastOf(state);
    edge.show(state.edge ? concentration : null, state.domain?.grid, place);
  };
  const paint = ({ theme }: State) => {
    const colours = MAP_COLOURS[theme];
    target.style.backgroundColor = `rgb(${colours.sea.join(' ')})`;
    for (const part of [coast, graticule, edge, box]) part.paint(colours);
  };

  paint(page.now);
  showPole(page.now);
  showGrid(page.now);
  box.show(page.now.box, view);
  page.on(['theme'], paint);
  page.on(['pole'], showPole);
  page.on(['domain', 'pole'], showGrid);
  page.on(['pole', 'box'], (state) => box.show(state.box, view));
  const drawn = ['domain', 'layer', 'lead', 'observed', 'forecast', 'own', 'truth'] as const;
  page.on([...drawn, 'pole', 'theme'], showCells);
  page.on([...drawn, 'pole', 'edge'], showEdge);
  page.on(['panel'], ({ panel }) => box.layer.setVisible(panel === 'panel-box'));
  page.on(['lines'], ({ lines }) => graticule.layer.setVisible(lines));
  return self;
}
