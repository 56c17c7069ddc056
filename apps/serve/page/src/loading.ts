import { ApiError, messageOf, type Api } from './api.js';
import { choose } from './choices.js';
import { byId, tell } from './dom.js';
import { fetchForecast, fetchObservation } from './fields.js';
import type { Domains } from './shapes.js';
import type { Page, State } from './state.js';

/** Reads what is to be shown, the observation first: it is small, and the map is there at once. */
export function startLoading(page: Page, api: Api, onKeyWanted: () => void): () => Promise<void> {
  const busy = byId('busy', HTMLDivElement);
  const problem = byId('problem', HTMLDivElement);
  let going = new AbortController();
  let truthGoing = new AbortController();

  const failed = (error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    const keyWanted = error instanceof ApiError && error.status === 401;
    tell(problem, keyWanted ? 'This server asks for an API key.' : messageOf(error));
    if (keyWanted) onKeyWanted();
  };

  const loadDay = async ({ domain, issue }: State) => {
    going.abort();
    going = new AbortController();
    const { signal } = going;
    page.set({ observed: null, forecast: null, own: null, truth: null });
    tell(problem, null);
    if (!domain || issue === null) {
      tell(busy, null);
      return;
    }
    tell(busy, `Reading ${issue} …`);
    const { hemisphere } = domain;
    const still = () => !signal.aborted;
    await Promise.all([
      fetchObservation(api, hemisphere, issue, signal)
        .then((observed) => still() && page.set({ observed }))
        .catch(failed),
      fetchForecast(api, hemisphere, issue, signal)
        .then((forecast) => still() && page.set({ forecast }))
        .catch(failed),
    ]);
    if (still()) tell(busy, null);
  };

  const loadTruth = async ({ domain, forecast, lead }: State) => {
    const day = forecast?.times[lead - 1];
    if (!domain || day === undefined || page.now.truth?.observed === day) return;
    truthGoing.abort();
    truthGoing = new AbortController();
    const { signal } = truthGoing;
    if (!domain.observed.includes(day)) {
      page.set({ truth: null });
      return;
    }
    try {
      const truth = await fetchObservation(api, domain.hemisphere, day, signal);
      if (!signal.aborted) page.set({ truth });
    } catch (error) {
      failed(error);
    }
  };

  page.on(['domain', 'issue'], (state) => void loadDay(state));
  page.on(['forecast', 'lead'], (state) => void loadTruth(state));
  page.on(['domain', 'forecast'], showWhence);

  return async () => {
    tell(problem, null);
    tell(busy, 'Asking the server …');
    try {
      const { domains } = await api.json<Domains>('domains');
      page.set({ domains, domain: null, issue: null });
      const north = domains.some(
        ({ hemisphere, observed }) => hemisphere === 'north' && observed.length > 0,
      );
      choose(page, north || domains.length === 0 ? page.now.pole : 'south');
      if (domains.length === 0)
        tell(problem, 'The server has no observations yet. Add a day: npx nx run serve:ingest');
    } catch (error) {
      failed(error);
    } finally {
      if (!page.now.domain) tell(busy, null);
    }
  };
}

/** Where the data come from, and plainly whether they are real. */
function showWhence({ domain, forecast, pole }: State): void {
  byId('synthetic', HTMLParagraphElement).hidden = domain?.synthetic !== true;
  const model = forecast
    ? ` Forecast by @arctic/model-convlstm ${forecast.model.version}${forecast.model.synthetic ? ', trained on generated data' : ''}.`
    : '';
  const data = domain
    ? `Data: ${(domain.attribution.join('; ') || domain.id).replace(/\.$/, '')}.`
    : `There are no data of the ${pole} yet.`;
  byId('attribution', HTMLParagraphElement).textContent =
    `${data}${model} Coastlines: Natural Earth.`;
}
