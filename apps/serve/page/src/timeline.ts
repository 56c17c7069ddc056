import { dayNumber, isoDate } from '@arctic/raster/geometry';
import { byId, make } from './dom.js';
import { layerOf } from './layers.js';
import type { Page, State } from './state.js';

/** Days of a forecast that is not read yet. */
const LEADS = 7;
/** Each day is shown for so long while playing, ms. */
const STEP_MS = 800;
const ICONS = { play: 'M4 2.5v11l9-5.5z', pause: 'M3.5 2.5h3v11h-3zm6 0h3v11h-3z' } as const;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** The slider of days, and the button that walks through them. */
export function startTimeline(page: Page): void {
  const slider = byId('lead', HTMLInputElement);
  const text = byId('lead-text', HTMLOutputElement);
  const ticks = byId('lead-ticks', HTMLDivElement);
  const button = byId('play', HTMLButtonElement);
  let timer: ReturnType<typeof setInterval> | null = null;

  const show = (state: State) => {
    const { lead, forecast, layer, issue } = state;
    const leads = forecast?.times.length ?? LEADS;
    const times =
      issue === null
        ? []
        : Array.from({ length: leads }, (_, i) => isoDate(dayNumber(issue) + i + 1));
    const byDay = layerOf(layer).byDay;
    const day = byDay ? (times[lead - 1] ?? '…') : (issue ?? '…');
    slider.value = String(lead);
    slider.max = String(leads);
    slider.disabled = !byDay;
    button.disabled = !byDay;
    slider.setAttribute('aria-valuetext', `${day}, day ${lead} of ${leads}`);
    text.textContent = byDay ? `${weekday(day)}${day}, day ${lead}` : `${day} (observed)`;
    ticks.replaceChildren(
      ...times.map((time, i) => {
        const tick = make(
          'span',
          {},
          `${Number(time.slice(8))} ${MONTHS[Number(time.slice(5, 7)) - 1] ?? ''}`,
        );
        if (i === lead - 1) tick.className = 'now';
        return tick;
      }),
    );
  };
  const stop = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    icon(button, 'play');
  };
  const step = () => {
    const last = page.now.forecast?.times.length ?? LEADS;
    page.set({ lead: (page.now.lead % last) + 1 });
  };
  button.addEventListener('click', () => {
    if (timer !== null) {
      stop();
      return;
    }
    timer = setInterval(step, STEP_MS);
    icon(button, 'pause');
    step();
  });
  slider.addEventListener('input', () => {
    stop();
    page.set({ lead: Number(slider.value) });
  });
  page.on(['layer'], ({ layer }) => {
    if (!layerOf(layer).byDay) stop();
  });
  page.on(['lead', 'forecast', 'layer', 'issue'], show);
  icon(button, 'play');
  show(page.now);
}

function icon(button: HTMLButtonElement, which: keyof typeof ICONS): void {
  button.querySelector('path')?.setAttribute('d', ICONS[which]);
  button.setAttribute('aria-label', which === 'play' ? 'Play the forecast' : 'Pause');
}

function weekday(day: string): string {
  const name = WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];
  return name === undefined ? '' : `${name} `;
}
