import type { Api } from './api.js';
import type { ComputeAnswer, ComputeRequest } from './compute-messages.js';
import { byId, make } from './dom.js';
import type { ForecastFields } from './fields.js';
import type { Page } from './state.js';

/** The forecast made in this page, in a worker that is loaded when it is asked for. */
export function startComputePanel(page: Page, api: Api, base: string): void {
  const box = byId('compute', HTMLInputElement);
  const backend = byId('backend', HTMLSelectElement);
  const result = byId('compute-result', HTMLDivElement);
  let worker: Worker | null = null;

  const stop = () => {
    worker?.terminate();
    worker = null;
  };
  const say = (...lines: readonly (Node | string)[]) => result.replaceChildren(...lines);
  const fail = (message: string) => say(make('p', { class: 'wrong', role: 'alert' }, message));

  const start = () => {
    stop();
    page.set({ own: null });
    say();
    const { domain, issue, forecast } = page.now;
    if (!box.checked || !domain || issue === null || !forecast) return;
    const { port1: port, port2 } = new MessageChannel();
    worker = new Worker(new URL('./compute-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('error', ({ message }) =>
      fail(message || 'The code for computing could not be loaded.'),
    );
    port.onmessage = ({ data }: MessageEvent<ComputeAnswer>) => {
      if (data.kind === 'progress') {
        say(make('p', { class: 'hint' }, data.text));
        return;
      }
      stop();
      if (data.kind === 'failed') {
        fail(data.message);
        return;
      }
      page.set({ own: data.forecast });
      say(reportOf(data, forecast));
    };
    const request: ComputeRequest = {
      base,
      key: api.key,
      hemisphere: domain.hemisphere,
      date: issue,
      backend: backend.value as ComputeRequest['backend'], // of the options in the page
    };
    worker.postMessage(request, [port2]);
  };
  box.addEventListener('change', start);
  backend.addEventListener('change', start);
  page.on(['forecast'], start);
}

const NAMES = { webgpu: 'WebGPU', webgl: 'WebGL', wasm: 'WebAssembly' } as const;

/** Largest difference that rounding explains. */
const AGREES = 1e-3;

function reportOf(
  { backend, seconds, forecast, bytes }: Extract<ComputeAnswer, { kind: 'done' }>,
  server: ForecastFields,
): Node {
  const { largest, apart } = compared(forecast, server.sic);
  const agrees = largest <= AGREES && apart === 0;
  const verdict =
    apart > 0
      ? `Differs: ${apart} cells are forecast by only one of the two`
      : `${agrees ? 'Agrees with the server to' : 'Differs from the server by'} ${largest.toExponential(0)}`;
  const facts = [
    ['Backend', NAMES[backend]],
    ['Computing', `${seconds.computing.toFixed(1)} s`],
    ['Reading', `${seconds.reading.toFixed(1)} s, ${(bytes / 1e6).toFixed(1)} MB`],
    ['Largest difference', largest.toExponential(1)],
  ] as const;
  const list = make('dl', { class: 'facts' });
  for (const [name, value] of facts) list.append(make('dt', {}, name), make('dd', {}, value));
  return make(
    'div',
    {},
    make('p', { class: agrees ? 'verdict good' : 'verdict bad' }, verdict),
    list,
    make('p', { class: 'hint' }, 'The map shows this forecast now.'),
  );
}

/** The largest difference, and the number of cells that only one of the two has. */
function compared(own: Float32Array, server: Float32Array) {
  let largest = 0;
  let apart = 0;
  for (let i = 0; i < server.length; i++) {
    const difference = Math.abs((own[i] ?? NaN) - (server[i] as number)); // within
    if (!Number.isNaN(difference)) largest = Math.max(largest, difference);
    else if (Number.isNaN(own[i]) !== Number.isNaN(server[i])) apart += 1;
  }
  return { largest, apart };
}
