// The tools beside the map: scores, images, the forecast made in the page, keys.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Buffer } from 'node:buffer';

export async function checkScores(check, { page, base }) {
  await page.click('#tab-scores');
  await page.waitForSelector('#scores svg');
  const { totals } = await (await globalThis.fetch(`${base}/api/v1/verification`)).json();
  const rows = await page.$$eval('#scores tbody tr', (all) =>
    all.map((row) => [...row.cells].map(({ textContent }) => textContent)),
  );
  const names = ['model', 'dampedAnomalyPersistence', 'persistence', 'climatology'];
  const equal = totals.every(
    ({ lead, ...scores }, i) =>
      names.every((name, k) => rows[i][k + 1] === (100 * scores[name].rmse).toFixed(2)) &&
      rows[i][0] === String(lead),
  );
  const dots = await page.locator('#scores circle').count();
  check(
    'the chart of scores and its table say what the API says',
    equal && rows.length === 7 && dots === 28,
    `RMSE of day 7: ${rows[6].slice(1, 5).join(', ')}`,
  );
  await page.route('**/api/v1/verification*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...(await answer.json()), totals: [], forecasts: [] } });
  });
  await page.click('#tab-box');
  await page.click('#tab-scores');
  await page.waitForFunction(() =>
    globalThis.document.querySelector('#scores').textContent.startsWith('Nothing is verified'),
  );
  await page.unroute('**/api/v1/verification*');
  check('a word where nothing is verified yet', true, await page.textContent('#scores'));
}

const first = (folder) => join(folder, readdirSync(folder).sort()[0]);

/** Files of one pair of images, and an image. */
export const samplesOf = (data) => ({
  image: first(join(data, 'labeled_ice_imagery', 'images')),
  before: first(join(data, 'change_pairs', 'A')),
  after: first(join(data, 'change_pairs', 'B')),
});

export async function checkImages(check, watched, data) {
  const { page } = watched;
  const { image, before, after } = samplesOf(data);
  await page.click('#tab-images');
  const sharesOf = () =>
    page.$$eval('.shares li', (all) => all.map(({ textContent }) => textContent.trim()));
  const coloursOf = () =>
    page.$eval('canvas.classes', (canvas) => {
      const { data: pixels } = canvas
        .getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height);
      return [new Set(new Uint32Array(pixels.buffer)).size, canvas.width, canvas.height];
    });
  const sum = (shares) =>
    shares.reduce((total, text) => total + Number(/([\d.]+) %$/.exec(text)[1]), 0);
  await page.setInputFiles('[name=image]', image);
  await page.click('#images [type=submit]');
  await page.waitForSelector('canvas.classes', { timeout: 60_000 });
  const classes = await sharesOf();
  const [colours, width, height] = await coloursOf();
  check(
    'an image is classified',
    colours >= 1 && width > 1 && Math.abs(sum(classes) - 100) < 0.3,
    `${width} × ${height}: ${classes.join(', ')}`,
  );
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('#image-result .downloads button:has-text("GeoTIFF")'),
  ]);
  const file = await download.path();
  const head = readFileSync(file).subarray(0, 4).toString('latin1');
  check(
    'its GeoTIFF can be had',
    /^(II|MM)/.test(head),
    `${download.suggestedFilename()}, ${statSync(file).size} bytes`,
  );
  await page.check('[name=kind][value=changes]');
  await page.setInputFiles('[name=before]', before);
  await page.setInputFiles('[name=after]', after);
  await page.click('#images [type=submit]');
  await page.waitForFunction(
    () => /change/.test(globalThis.document.querySelector('.shares')?.textContent ?? ''),
    null,
    { timeout: 60_000 },
  );
  const changes = await sharesOf();
  check('changes between two images', Math.abs(sum(changes) - 100) < 0.3, changes.join(', '));
  watched.expected.add(422);
  await page.check('[name=kind][value=classify]');
  await page.setInputFiles('[name=image]', {
    name: 'notes.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture'),
  });
  await page.click('#images [type=submit]');
  await page.waitForSelector('#image-problem:visible');
  const said = await page.textContent('#image-problem');
  watched.expected.delete(422);
  check(
    'a file that is no image is told of in words',
    /expected|unknown|support/i.test(said),
    said,
  );
}

/** The forecast made in the page is the server's. */
export async function checkCompute(check, { page, base }) {
  await page.click('#tab-compute');
  const gpu = await page.evaluate(
    async () => (await globalThis.navigator.gpu?.requestAdapter()) != null,
  );
  for (const backend of [...(gpu ? ['webgpu'] : []), 'webgl', 'wasm', 'auto']) {
    await page.uncheck('#compute');
    await page.selectOption('#backend', backend);
    await page.check('#compute');
    // The page lives on meanwhile.
    const began = Date.now();
    await page.selectOption('#backend', backend);
    const lively = Date.now() - began;
    await page.waitForSelector('#compute-result .verdict, #compute-result .wrong', {
      timeout: 240_000,
    });
    const said = (await page.innerText('#compute-result')).replace(/\n+/g, ' ');
    const difference = Number(/Largest difference ([\d.e+-]+)/.exec(said)?.[1] ?? NaN);
    check(
      `the forecast by ${backend} is the server's`,
      difference <= 1e-3 && /Agrees/.test(said),
      `${said.slice(0, 130)}; a choice meanwhile took ${lively} ms`,
    );
  }
  const url = `${base}/api/v1/predictions/7day?min_lon=-180&min_lat=-90&max_lon=180&max_lat=90`;
  const { concentration, reference } = await (await globalThis.fetch(url)).json();
  const flat = reference.concentration.flat(2);
  const largest = concentration
    .flat(2)
    .reduce((most, v, i) => (v === null ? most : Math.max(most, Math.abs(v - flat[i]))), 0);
  check('it is more than its reference', largest > 1e-3, `up to ${largest.toFixed(3)} from it`);
  await page.uncheck('#compute');
}

/** Where the server wants a key, the page asks for it. */
export async function checkKeys(check, watched, key) {
  const { page, base } = watched;
  watched.expected.add(401);
  await page.goto(base);
  await page.waitForSelector('#key-dialog[open]');
  const said = await page.textContent('#problem');
  await page.fill('#key', key);
  await page.press('#key', 'Enter');
  await page.waitForFunction(() =>
    /\d{4}-\d\d-\d\d/.test(globalThis.document.querySelector('#lead-text').textContent),
  );
  await page.waitForFunction(() => globalThis.document.querySelector('#busy').hidden);
  const call = await page.textContent('#call');
  check(
    'a key is asked for, and used',
    /x-api-key/.test(call) && !(await page.isVisible('#problem')) && !call.includes(key),
    said,
  );
  await watched.context.close();
}
