import type { ForecastFields, ObservedFields } from './fields.js';
import type { LayerName } from './layers.js';
import type { Domain, Hemisphere } from './shapes.js';
import type { Box } from './box.js';
import { createStore, type Store } from './store.js';

/** Everything that several parts of the page look at. */
export interface State {
  readonly domains: readonly Domain[];
  readonly pole: Hemisphere;
  /** The grid that is shown; null where there is none of this pole. */
  readonly domain: Domain | null;
  /** ISO day. */
  readonly issue: string | null;
  /** 1…7 */
  readonly lead: number;
  readonly layer: LayerName;
  readonly edge: boolean;
  readonly lines: boolean;
  readonly observed: ObservedFields | null;
  readonly forecast: ForecastFields | null;
  /** Forecast made in this page, [L,N], shown in place of the server's; null where there is none. */
  readonly own: Float32Array | null;
  /** What was observed on the day that is forecast; null where nothing was, or not yet read. */
  readonly truth: ObservedFields | null;
  readonly box: Box;
  /** The panel of tools that is open, by its id. */
  readonly panel: string;
  readonly theme: 'light' | 'dark';
}

export type Page = Store<State>;

export function createPage(theme: State['theme']): Page {
  return createStore<State>({
    domains: [],
    pole: 'north',
    domain: null,
    issue: null,
    lead: 1,
    layer: 'forecast',
    edge: true,
    lines: true,
    observed: null,
    forecast: null,
    own: null,
    truth: null,
    box: { west: -180, east: -120, south: 60, north: 85 },
    panel: 'panel-box',
    theme,
  });
}

/** The grid that the API answers with for a pole: real before generated, the newest day first. */
export function domainOf(domains: readonly Domain[], pole: Hemisphere): Domain | null {
  const newest = ({ observed }: Domain) => observed.at(-1) ?? '';
  const [first] = domains
    .filter(({ hemisphere, observed }) => hemisphere === pole && observed.length > 0)
    .sort(
      (a, b) => Number(a.synthetic) - Number(b.synthetic) || newest(b).localeCompare(newest(a)),
    );
  return first ?? null;
}
