import { byId, make } from './dom.js';
import { LAYERS } from './layers.js';
import { domainOf, type Page, type State } from './state.js';
import type { Hemisphere } from './shapes.js';

/** What the page is asked to show: pole, issue day, layer, lines. */
export function startChoices(page: Page): void {
  startPole(page);
  startIssue(page);
  startLayers(page);
  for (const name of ['edge', 'lines'] as const) {
    const box = byId(name, HTMLInputElement);
    box.addEventListener('change', () => page.set({ [name]: box.checked }));
  }
}

/** The newest day, where the one that was chosen is not there. */
export function choose(page: Page, pole: Hemisphere): void {
  const domain = domainOf(page.now.domains, pole);
  const { issue } = page.now;
  const kept = issue !== null && domain?.observed.includes(issue) ? issue : null;
  page.set({ pole, domain, issue: kept ?? domain?.observed.at(-1) ?? null });
}

function startPole(page: Page): void {
  const select = byId('pole', HTMLSelectElement);
  select.value = page.now.pole;
  select.addEventListener('change', () => {
    choose(page, select.value === 'south' ? 'south' : 'north');
  });
}

function startIssue(page: Page): void {
  const select = byId('issue', HTMLSelectElement);
  const before = byId('issue-before', HTMLButtonElement);
  const after = byId('issue-after', HTMLButtonElement);
  const fill = ({ domain }: State) => {
    const days = [...(domain?.observed ?? [])].reverse();
    const months = [...new Set(days.map((day) => day.slice(0, 7)))];
    select.replaceChildren(
      ...months.map((month) =>
        make(
          'optgroup',
          { label: month },
          ...days.filter((day) => day.startsWith(month)).map((day) => make('option', {}, day)),
        ),
      ),
    );
    if (days.length === 0) select.append(make('option', {}, 'no days yet'));
    select.disabled = days.length === 0;
  };
  const show = ({ issue, domain }: State) => {
    if (issue !== null) select.value = issue;
    const at = domain?.observed.indexOf(issue ?? '') ?? -1;
    before.disabled = at <= 0;
    after.disabled = at < 0 || at === (domain?.observed.length ?? 0) - 1;
  };
  const move = (by: number) => {
    const { domain, issue } = page.now;
    const next = domain?.observed[domain.observed.indexOf(issue ?? '') + by];
    if (next !== undefined) page.set({ issue: next });
  };
  select.addEventListener('change', () => page.set({ issue: select.value }));
  before.addEventListener('click', () => move(-1));
  after.addEventListener('click', () => move(1));
  page.on(['domain'], fill);
  page.on(['domain', 'issue'], show);
  fill(page.now);
  show(page.now);
}

function startLayers(page: Page): void {
  const set = byId('layers', HTMLFieldSetElement);
  for (const { name, label, hint } of LAYERS) {
    const radio = make('input', { type: 'radio', name: 'layer', value: name });
    radio.checked = name === page.now.layer;
    radio.addEventListener('change', () => page.set({ layer: name }));
    set.append(
      make('label', {}, radio, make('span', {}, make('b', {}, label), make('small', {}, hint))),
    );
  }
}
