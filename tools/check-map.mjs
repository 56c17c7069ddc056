// The map page as its users meet it, in Chromium: drawn, operated by pointer and by keyboard, its values and calls
// compared with the API's answers, its own forecast with the server's, checked by axe in light, dark and on a phone.
//
//   node tools/check-map.mjs [--work DIR] [--data DIR] [--chromium PATH] [--screenshots DIR]
//
// --work DIR         a folder with data/ and models/ of a run; made anew where absent
// --data DIR         folder with nsidc-0081-daily/ and nsidc-0051-monthly/; generated data are shown without
// --chromium PATH    the first found of chromium, chromium-browser and google-chrome without
// --screenshots DIR  writes map-*.png there
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { URL } from 'node:url';
import { parseArgs } from 'node:util';
import { checkKeyboard, checkLooks } from './map/access.mjs';
import { checkCompute, checkImages, checkKeys, checkScores } from './map/panels.mjs';
import { checkBox, checkDrawn, checkHover, checkLayers } from './map/stage.mjs';
import { takeScreenshots } from './map/screenshots.mjs';
import { findChromium, openChromium } from './open-chromium.mjs';
import { ingestArgs, makeWork, startServer, untilForecasts } from './serve-process.mjs';

const { values } = parseArgs({
  options: {
    work: { type: 'string' },
    data: { type: 'string' },
    chromium: { type: 'string' },
    screenshots: { type: 'string' },
  },
});
const temporary = mkdtempSync(join(tmpdir(), 'arctic-check-map-'));
const work = values.work ?? join(temporary, 'work');
let failures = 0;

function check(what, holds, detail = '') {
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${what}${detail === '' ? '' : `: ${detail}`}\n`);
  if (!holds) failures += 1;
}

/** An archive of real days with their verification. */
function ingestRealDays() {
  const archive = join(temporary, 'real');
  const fileOf = (folder) => {
    const [name] = readdirSync(join(values.data, folder)).filter((one) => one.endsWith('.tar.gz'));
    return join(values.data, folder, name);
  };
  const add = (...more) =>
    execFileSync(
      process.execPath,
      ingestArgs(
        work,
        archive,
        ...['--source', 'nsidc-0081', '--input', fileOf('nsidc-0081-daily'), ...more],
      ),
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  const months = ['--climatology', fileOf('nsidc-0051-monthly')];
  add('--from', '2017-06-01', '--to', '2017-07-20', '--forecast', 'none', ...months);
  add('--from', '2017-07-21', '--to', '2017-07-31', '--forecast', 'all');
  return archive;
}

/**
 * A page that is watched: what goes wrong in it is gathered in `faults`, requests to elsewhere in `elsewhere`. Statuses
 * in `expected` are what a check asks for.
 */
async function openPage(browser, base, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 860 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const page = await context.newPage();
  // A server on a busy machine may turn a request away for a second; the page asks again.
  const watched = { page, context, base, faults: [], elsewhere: [], expected: new Set([503]) };
  page.on('console', (message) => {
    const expected = [...watched.expected].some((status) => message.text().includes(` ${status} `));
    if (message.type() === 'error' && !expected) watched.faults.push(message.text());
  });
  page.on('pageerror', (error) => watched.faults.push(String(error)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (/^http/.test(protocol) && origin !== new URL(base).origin)
      watched.elsewhere.push(request.url());
  });
  page.on('requestfailed', (request) => {
    // Files that the browser keeps, and answers that are no longer wanted, are ended by the page itself.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      watched.faults.push(`${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !watched.expected.has(response.status()))
      watched.faults.push(`${response.status()} ${response.url()}`);
  });
  watched.load = async () => {
    await page.goto(base);
    await page.waitForFunction(() => globalThis.document.querySelector('#busy').hidden, null, {
      timeout: 60_000,
    });
    await page.waitForTimeout(800); // the map draws when it has come to rest
  };
  return watched;
}

async function withPage(browser, base, options, use) {
  const watched = await openPage(browser, base, options);
  try {
    await watched.load();
    await use(watched);
  } finally {
    check(
      'no console error, failed request or request to elsewhere',
      watched.faults.length + watched.elsewhere.length === 0,
      [...watched.faults, ...watched.elsewhere].slice(0, 3).join(' | '),
    );
    await watched.context.close();
  }
}

const path = values.chromium ?? findChromium();
if (path === null) {
  process.stdout.write('left out: no Chromium (--chromium PATH)\n');
  rmSync(temporary, { recursive: true, force: true });
  process.exit(0);
}
const browser = await openChromium(path);
let server;
try {
  execFileSync('npx', ['--no-install', 'nx', 'run', 'serve:build'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  makeWork(work);
  const archive = values.data ? ingestRealDays() : join(temporary, 'served');
  server = await startServer(work, ['--archive', archive]);
  const { base } = server;
  await untilForecasts(base, values.data ? 11 : 15);
  await withPage(browser, base, {}, async (watched) => {
    await checkDrawn(check, watched);
    await checkHover(check, watched);
    await checkLayers(check, watched);
    await checkBox(check, watched);
    await checkScores(check, watched);
    await checkImages(check, watched, join(work, 'data', 'test'));
    await checkCompute(check, watched);
  });
  await withPage(browser, base, {}, (watched) => checkKeyboard(check, watched));
  for (const [name, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
    ['narrow phone', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
  ])
    await withPage(browser, base, options, (watched) => checkLooks(check, watched, name));
  if (values.screenshots) {
    mkdirSync(values.screenshots, { recursive: true });
    await takeScreenshots(
      check,
      (options) => openPage(browser, base, options),
      values.screenshots,
      join(work, 'data', 'test'),
    );
  }
  await server.stop();
  server = await startServer(work, ['--archive', archive, '--api-keys', 'a-key-of-this-check']);
  await checkKeys(check, await openPage(browser, server.base), 'a-key-of-this-check');
  await server.stop();
} finally {
  await browser.close();
  server?.child.kill('SIGKILL');
  rmSync(temporary, { recursive: true, force: true });
}
process.stdout.write(failures === 0 ? 'all as it should be\n' : `${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
