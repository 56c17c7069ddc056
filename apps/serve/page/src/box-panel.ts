import { messageOf, type Api, type Query } from './api.js';
import { faultOf, type Box } from './box.js';
import { byId, make, tell } from './dom.js';
import type { IceMap } from './map.js';
import { save } from './save.js';
import type { Page, State } from './state.js';

const EDGES = ['west', 'east', 'south', 'north'] as const;
const FORMATS = [
  ['json', 'JSON', 'json'],
  ['geojson', 'GeoJSON', 'geojson'],
  ['netcdf', 'NetCDF', 'nc'],
  ['cog', 'GeoTIFF (COG)', 'tif'],
] as const;

/** The box and the call of the API that gives what lies in it. */
export function startBoxPanel(page: Page, api: Api, ice: IceMap): void {
  const form = byId('box', HTMLFormElement);
  const call = byId('call', HTMLPreElement);
  const problem = byId('box-problem', HTMLParagraphElement);
  const downloads = byId('downloads', HTMLUListElement);
  const kinds = byId('call-kind', HTMLFieldSetElement);
  const draw = byId('draw', HTMLButtonElement);
  const copy = byId('copy', HTMLButtonElement);
  const inputs = EDGES.map((edge) => form.elements.namedItem(edge) as HTMLInputElement); // in the page

  const show = (state: State) => {
    const kind = kinds.querySelector<HTMLInputElement>('input:checked')?.value ?? 'forecast';
    const { path, query } = callOf(state, state.box, kind === 'observed');
    const header = api.key === null ? '' : ` -H 'x-api-key: YOUR-KEY'`;
    call.textContent = `curl${header} '${api.url(path, query).href}'`;
    downloads.replaceChildren(
      ...FORMATS.map(([format, label, ending]) => {
        const url = api.url(path, { ...query, ...(format === 'json' ? {} : { format }) });
        const name = `${kind}-${state.issue ?? 'newest'}.${ending}`;
        const link = make('a', { href: url.href, download: name }, label);
        link.addEventListener('click', (event) => {
          if (api.key === null) return; // a plain link sends no header
          event.preventDefault();
          api
            .get(path, { ...query, format })
            .then(async (answer) => save(await answer.blob(), name))
            .catch((error: unknown) => tell(problem, messageOf(error)));
        });
        return make('li', {}, link);
      }),
    );
  };
  const showBox = ({ box }: State) => {
    EDGES.forEach((edge, i) => {
      const input = inputs[i];
      if (input && document.activeElement !== input) input.value = String(box[edge]);
    });
    tell(problem, faultOf(box));
  };
  form.addEventListener('input', () => {
    const [west = NaN, east = NaN, south = NaN, north = NaN] = inputs.map((input) =>
      input.value.trim() === '' ? NaN : Number(input.value),
    );
    const box = { west, east, south, north };
    const fault = faultOf(box);
    tell(problem, fault);
    if (fault === null) page.set({ box });
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  kinds.addEventListener('change', () => show(page.now));
  draw.addEventListener('click', () => {
    ice.drawing = !ice.drawing;
    draw.setAttribute('aria-pressed', String(ice.drawing));
    draw.textContent = ice.drawing ? 'Drag on the map …' : 'Draw a box';
    document.documentElement.classList.toggle('drawing', ice.drawing);
  });
  page.on(['box'], () => {
    // One box was drawn: dragging moves the map again when the pointer is lifted.
    if (ice.drawing) window.addEventListener('pointerup', () => stopDrawing(), { once: true });
  });
  const stopDrawing = () => {
    if (ice.drawing) draw.click();
  };
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(call.textContent ?? '').then(
      () => flash(copy, 'Copied'),
      () => {
        getSelection()?.selectAllChildren(call);
        flash(copy, 'Press Ctrl+C');
      },
    );
  });
  page.on(['box', 'issue', 'domain'], show);
  page.on(['box'], showBox);
  show(page.now);
  showBox(page.now);
}

/** The call that answers with what lies in a box. */
function callOf(
  { domain, issue }: State,
  { west, east, south, north }: Box,
  observed: boolean,
): { readonly path: string; readonly query: Query } {
  const newest = issue === null || issue === domain?.observed.at(-1);
  return {
    path: observed ? (newest ? 'ice/current' : 'observations') : 'predictions/7day',
    query: {
      min_lon: west,
      min_lat: south,
      max_lon: east,
      max_lat: north,
      date: newest ? undefined : issue,
      hemisphere: domain?.hemisphere === 'south' ? 'south' : undefined,
    },
  };
}

/** Says something on a button for a moment. */
function flash(button: HTMLButtonElement, text: string): void {
  const before = button.textContent;
  button.textContent = text;
  setTimeout(() => (button.textContent = before), 1500);
}
