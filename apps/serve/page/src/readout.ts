import Overlay from 'ol/Overlay.js';
import { boxOfDrag, faultOf, turnBetween } from './box.js';
import { byId, make } from './dom.js';
import { CELL, forecastOf, layerOf, stepOf } from './layers.js';
import type { IceMap } from './map.js';
import type { Page, State } from './state.js';

/** Cells that a key with Shift moves the crosshair by. */
const LEAP = 10;
/** The live region speaks when nothing has changed for so long, ms. */
const QUIET_MS = 250;

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Values under the pointer, or under the crosshair that the arrow keys move. */
export function startReadout(page: Page, ice: IceMap): void {
  const card = byId('readout', HTMLDivElement);
  const spoken = byId('spoken', HTMLDivElement);
  const target = byId('map', HTMLDivElement);
  const cross = new Overlay({
    element: make('div', { class: 'crosshair' }),
    positioning: 'center-center',
    stopEvent: false,
  });
  ice.map.addOverlay(cross);

  /** Map position; null where nothing is pointed at. */
  let position: readonly [number, number] | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (speak: boolean) => {
    const rows = position ? rowsAt(page.now, ice, position) : null;
    card.replaceChildren(...(rows ? cardOf(rows) : [hint()]));
    clearTimeout(timer);
    if (speak && rows)
      timer = setTimeout(() => {
        spoken.textContent = rows.map(([name, value]) => `${name} ${value}`).join(', ');
      }, QUIET_MS);
  };

  ice.map.on('pointermove', ({ coordinate: [x = 0, y = 0], dragging }) => {
    if (dragging) return;
    position = [x, y];
    show(false);
  });
  ice.map.on('singleclick', ({ coordinate: [x = 0, y = 0] }) => {
    position = [x, y];
    cross.setPosition([x, y]);
    show(true);
  });
  target.addEventListener('pointerleave', () => {
    const at = cross.getPosition();
    position = at ? [at[0] ?? 0, at[1] ?? 0] : null;
    show(false);
  });

  const moveTo = (next: readonly [number, number]) => {
    position = next;
    cross.setPosition([...next]);
    const pixel = ice.map.getPixelFromCoordinate([...next]);
    const [width = 0, height = 0] = ice.map.getSize() ?? [];
    const [px = 0, py = 0] = pixel ?? [];
    if (px < 20 || py < 20 || px > width - 20 || py > height - 90)
      ice.map.getView().setCenter([...next]);
    show(true);
  };
  /** Where the crosshair is, or begins: the middle of the map, in the middle of a cell. */
  const start = (): readonly [number, number] => {
    const [x = 0, y = 0] = cross.getPosition() ?? ice.map.getView().getCenter() ?? [];
    const cell = ice.place?.cellAt(x, y) ?? -1;
    return cell < 0 || !ice.place ? [x, y] : ice.place.centreOf(cell);
  };

  let corner: readonly [number, number] | null = null;
  target.addEventListener('keydown', (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const move = MOVES[key];
    const view = ice.map.getView();
    if (move) {
      const step = (ice.place?.cellSize ?? 25_000) * (shiftKey ? LEAP : 1);
      const [x, y] = start();
      const [nx, ny] = [x + move[0] * step, y + move[1] * step];
      const cell = ice.place?.cellAt(nx, ny) ?? -1;
      moveTo(cell >= 0 && ice.place ? ice.place.centreOf(cell) : [nx, ny]);
    } else if (key === '+' || key === '=')
      view.animate({ zoom: (view.getZoom() ?? 0) + 1, duration: 150 });
    else if (key === '-') view.animate({ zoom: (view.getZoom() ?? 0) - 1, duration: 150 });
    else if (key === 'Home') ice.showAll();
    else if (key === 'Enter' || key === ' ') moveTo(start());
    else if (key === 'b' || key === 'B') corner = setCorner(page, ice, spoken, corner, start());
    else return;
    event.preventDefault();
  });
  target.addEventListener('focus', () => {
    if (target.matches(':focus-visible') && !cross.getPosition()) moveTo(start());
  });
  page.on(['layer', 'lead', 'observed', 'forecast', 'own', 'truth', 'domain', 'pole'], () =>
    show(document.activeElement === target),
  );
  page.on(['pole'], () => {
    cross.setPosition(undefined);
    position = null;
    show(false);
  });
  show(false);
}

/** Sets the first corner of the box, or the box once both are there. @returns the corner that waits for the other */
function setCorner(
  page: Page,
  ice: IceMap,
  spoken: HTMLElement,
  first: readonly [number, number] | null,
  [x, y]: readonly [number, number],
): readonly [number, number] | null {
  const [longitude, latitude] = ice.view.toDegrees(x, y);
  if (!first) {
    spoken.textContent = `First corner at ${degrees(longitude, latitude)}. Move on and press B again.`;
    return [longitude, latitude];
  }
  const drawn = boxOfDrag(first, [longitude, latitude], turnBetween(first[0], longitude));
  const fault = faultOf(drawn);
  if (fault) {
    spoken.textContent = fault;
    return first;
  }
  page.set({ box: drawn, panel: 'panel-box' });
  spoken.textContent = `Box from ${drawn.west} to ${drawn.east} degrees east, ${drawn.south} to ${drawn.north} degrees north.`;
  return null;
}

type Row = readonly [name: string, value: string, strong?: boolean];

function rowsAt(state: State, ice: IceMap, [x, y]: readonly [number, number]): readonly Row[] {
  const [longitude, latitude] = ice.view.toDegrees(x, y);
  const rows: Row[] = [['Place', degrees(longitude, latitude)]];
  const cell = ice.place?.cellAt(x, y) ?? -1;
  if (cell < 0) return [...rows, ['Value', 'outside the grid', true]];
  const { forecast, observed, truth, lead } = state;
  const layer = layerOf(state.layer);
  const shown = layer.of(state);
  const percent = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? 'none' : `${(100 * value).toFixed(1)} %`;
  if (typeof shown === 'string') rows.push([layer.label, shown, true]);
  else {
    const what = shown.cells[cell];
    const value = shown.values[cell] ?? NaN;
    if (what === CELL.land) return [...rows, [layer.label, 'land', true]];
    const text =
      what === CELL.value ? layer.text(value) : what === CELL.missing ? 'missing' : 'not forecast';
    rows.push([layer.label, text, true]);
  }
  if (forecast && state.layer !== 'observed') {
    const value = forecastOf(state)?.[cell] ?? NaN;
    if (!Number.isNaN(value)) {
      if (state.layer !== 'forecast') rows.push(['Forecast', percent(value)]);
      const { interval } = forecast;
      if (interval) {
        const [low, high] = [interval.lower, interval.upper].map(
          (bound) => stepOf(bound, state, lead)[cell],
        );
        rows.push([
          `Interval, ${Math.round(100 * interval.level)} %`,
          `${percent(low)} to ${percent(high)}`,
        ]);
      }
      rows.push(['Reference', percent(stepOf(forecast.reference, state, lead)[cell])]);
    }
    if (truth && truth.observed === forecast.times[lead - 1] && truth.status[cell] === 0)
      rows.push([`Observed ${truth.observed}`, percent(truth.sic[cell])]);
  }
  if (observed && observed.status[cell] !== 3) {
    const filled = observed.status[cell] === 1 ? ', filled from a day before' : '';
    if (state.layer !== 'observed' || filled)
      rows.push([`Observed ${observed.observed}`, percent(observed.sic[cell]) + filled]);
  }
  return rows;
}

function cardOf(rows: readonly Row[]): readonly Node[] {
  const list = make('dl');
  for (const [name, value, strong] of rows)
    list.append(make('dt', {}, name), make('dd', strong ? { class: 'strong' } : {}, value));
  return [list];
}

function hint(): Node {
  return make(
    'p',
    { class: 'hint' },
    'Point at the map or tap it, or move the crosshair with the arrow keys.',
  );
}

function degrees(longitude: number, latitude: number): string {
  const part = (value: number, [plus, minus]: readonly [string, string]) =>
    `${Math.abs(value).toFixed(2)}° ${value < 0 ? minus : plus}`;
  return `${part(latitude, ['N', 'S'])} ${part(longitude, ['E', 'W'])}`;
}
