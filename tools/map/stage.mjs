// What is on the map: drawn, moved through, pointed at, cut out.
import { execFileSync } from 'node:child_process';

/** How many colours the map's canvases hold, and a number that changes with the picture. */
export const pictureOf = (page) =>
  page.evaluate(() => {
    const seen = new Set();
    let sum = 0;
    for (const canvas of globalThis.document.querySelectorAll('#map canvas')) {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
      for (let i = 0; i < pixels.length; i += 3) {
        seen.add(pixels[i]);
        sum = (sum * 31 + pixels[i]) % 4294967291;
      }
    }
    return { colours: seen.size, sum };
  });

/** The picture once it is another than before, or after five seconds. */
export async function nextPicture(page, before) {
  for (let i = 0; i < 25; i++) {
    await page.waitForTimeout(200);
    const picture = await pictureOf(page);
    if (picture.sum !== before.sum) return picture;
  }
  return before;
}

export const settle = (page) => page.waitForTimeout(400);

/** The card of values as an object. */
export const readout = (page) =>
  page.$$eval('#readout dt', (terms) =>
    Object.fromEntries(
      terms.map((term) => [term.textContent, term.nextElementSibling.textContent]),
    ),
  );

/** Bytes of scripts and style sheets that the page begins with, packed, at most. */
const MOST_CODE = 200 * 1024;

export async function checkDrawn(check, { page }) {
  const { colours } = await pictureOf(page);
  check('the map is drawn', colours > 100, `${colours} colours`);
  const { paint, values, scripts, all, early } = await page.evaluate(() => {
    const entries = globalThis.performance.getEntriesByType('resource');
    const bytes = (some) => some.reduce((sum, { transferSize }) => sum + transferSize, 0);
    return {
      values: entries.find(({ name }) => name.includes('7day')).responseEnd,
      paint: globalThis.performance.getEntriesByName('first-contentful-paint')[0].startTime,
      early: entries.filter(({ name }) => /worker|wasm|backend/.test(name)).length,
      scripts: bytes(entries.filter(({ name }) => /\.(js|css)$/.test(name))),
      all: bytes(entries),
    };
  });
  check(
    'little is loaded at first, and nothing for computing',
    scripts < MOST_CODE && early === 0,
    `first paint after ${paint.toFixed(0)} ms, values after ${values.toFixed(0)} ms; ${(scripts / 1024).toFixed(0)} KiB of code, ${(all / 1024).toFixed(0)} KiB with coastlines and all values of seven days`,
  );
  const facts = await page.textContent('#attribution');
  const synthetic = await page.isVisible('#synthetic');
  check(
    'says whence the data come, and whether they are generated',
    /Data: \S/.test(facts),
    `${facts.slice(0, 60)} …; ${synthetic ? 'said to be generated' : 'real'}`,
  );
}

/** The place is said to a hundredth of a degree: so near to the edge of a cell it may be the neighbour's, km. */
const EDGE_KM = 3;

/** Values under the pointer are those of the API. */
export async function checkHover(check, { page, base }) {
  await page.check('[name=layer][value=forecast]');
  const url = `${base}/api/v1/predictions/7day?min_lon=-180&min_lat=-90&max_lon=180&max_lat=90`;
  const answer = await (await globalThis.fetch(url)).json();
  const radians = Math.PI / 180;
  const unit = (lon, lat) => [
    Math.cos(lat * radians) * Math.cos(lon * radians),
    Math.cos(lat * radians) * Math.sin(lon * radians),
    Math.sin(lat * radians),
  ];
  const cells = answer.coordinates.lat.flatMap((row, y) =>
    row.map((lat, x) => ({ y, x, at: unit(answer.coordinates.lon[y][x], lat) })),
  );
  const map = await page.locator('#map').boundingBox();
  let compared = 0;
  let worst = 0;
  for (let i = 0; i < 20; i++) {
    const [u, v] = [0.32 + 0.017 * i, 0.3 + 0.2 * ((i * 0.618) % 1)];
    await page.mouse.move(map.x + u * map.width, map.y + v * map.height);
    const said = await readout(page);
    if (!/%$/.test(said['Forecast'] ?? '')) continue;
    const [lat, north, lon, east] = said['Place'].replaceAll('°', '').split(' ');
    const here = unit(lon * (east === 'W' ? -1 : 1), lat * (north === 'S' ? -1 : 1));
    const distance = ({ at }) => 6371 * Math.hypot(...at.map((value, k) => value - here[k]));
    const [nearest, next] = cells
      .map((cell) => ({ ...cell, km: distance(cell) }))
      .sort((a, b) => a.km - b.km);
    if (next.km - nearest.km < EDGE_KM) continue;
    const { y, x } = nearest;
    const { concentration, interval, reference } = answer;
    const bounds = Object.entries(said).find(([name]) => name.startsWith('Interval'))?.[1];
    const pairs = [
      [said['Forecast'], concentration[0][y][x]],
      [said['Reference'], reference.concentration[0][y][x]],
      ...(interval
        ? [
            [bounds.split(' to ')[0], interval.lower[0][y][x]],
            [bounds.split(' to ')[1], interval.upper[0][y][x]],
          ]
        : []),
    ];
    for (const [text, value] of pairs)
      worst = Math.max(worst, Math.abs(Number.parseFloat(text) - 100 * value));
    compared += 1;
  }
  check(
    'values under the pointer are those of the API',
    compared >= 5 && worst <= 0.0601,
    `${compared} places, largest difference ${worst.toFixed(3)} % (shown to 0.1 %)`,
  );
}

export async function checkLayers(check, { page }) {
  const pictures = new Set();
  let picture = { sum: NaN };
  const titles = [];
  for (const name of ['observed', 'forecast', 'change', 'uncertainty']) {
    await page.check(`[name=layer][value=${name}]`);
    picture = await nextPicture(page, picture);
    pictures.add(picture.sum);
    titles.push(await page.textContent('#legend .title'));
  }
  check(
    'every layer has a picture and a legend of its own',
    pictures.size === 4 && new Set(titles).size === 4,
    titles.join('; '),
  );
  const issue = await page.inputValue('#issue');
  const days = await page.$$eval('#issue option', (options) => options.map(({ value }) => value));
  await page.selectOption('#issue', days[7]);
  await page.check('[name=layer][value=error]');
  await page.waitForFunction(() => globalThis.document.querySelector('#busy').hidden);
  await settle(page);
  await settle(page);
  const before = await pictureOf(page);
  check('error of a day that has come', before.colours > 100, `issued ${days[7]}`);
  await page.selectOption('#issue', issue);
  await page.check('[name=layer][value=forecast]');
  await page.waitForFunction(() => globalThis.document.querySelector('#busy').hidden);
  await settle(page);
  const seven = new Set();
  for (let lead = 1; lead <= 7; lead++) {
    await page.fill('#lead', String(lead));
    if (lead > 1) picture = await nextPicture(page, picture);
    else {
      await settle(page);
      picture = await pictureOf(page);
    }
    seven.add(picture.sum);
  }
  check('the slider shows seven days', seven.size === 7, await page.textContent('#lead-text'));
  await page.click('#play');
  const played = new Set();
  for (let i = 0; i < 8; i++) {
    await page.waitForTimeout(400);
    played.add(await page.inputValue('#lead'));
  }
  await page.click('#play');
  const stopped = await page.inputValue('#lead');
  await page.waitForTimeout(1200);
  check(
    'plays and stops',
    played.size >= 3 && (await page.inputValue('#lead')) === stopped,
    `days ${[...played].join(', ')}`,
  );
  const withEdge = await pictureOf(page);
  await page.uncheck('#edge');
  const without = await nextPicture(page, withEdge);
  await page.check('#edge');
  check('the ice edge can be taken away', withEdge.sum !== without.sum);
  await page.selectOption('#pole', 'south');
  await settle(page);
  await settle(page);
  const south = await pictureOf(page);
  const said = await page.textContent('#attribution');
  await page.selectOption('#pole', 'north');
  await page.waitForFunction(() => globalThis.document.querySelector('#busy').hidden);
  await settle(page);
  check(
    'the Antarctic is there, with a word where it has no data',
    south.colours > 5,
    said.slice(0, 44),
  );
}

export async function checkBox(check, { page }) {
  await page.click('#tab-box');
  await page.click('#draw');
  const map = await page.locator('#map').boundingBox();
  const at = (u, v) => [map.x + u * map.width, map.y + v * map.height];
  await page.mouse.move(...at(0.36, 0.52));
  await page.mouse.down();
  for (let i = 1; i <= 10; i++) await page.mouse.move(...at(0.36 + 0.012 * i, 0.52 - 0.03 * i));
  await page.mouse.up();
  const edges = await page.$$eval('#box input', (inputs) =>
    inputs.map(({ value }) => Number(value)),
  );
  const status = (url) =>
    execFileSync('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code} %{content_type}', url], {
      encoding: 'utf8',
    });
  const urlOf = async () => /'(http[^']+)'/.exec(await page.textContent('#call'))[1];
  const first = await urlOf();
  check(
    'dragging draws a box, and its call is answered',
    status(first).startsWith('200') && edges.every((edge) => first.includes(String(edge))),
    `west, east, south, north ${edges.join(', ')}: ${status(first)}`,
  );
  for (const [name, value] of [
    ['west', 170],
    ['east', -150],
    ['south', 66],
    ['north', 78],
  ])
    await page.fill(`#box [name=${name}]`, String(value));
  const second = await urlOf();
  const body = await (await globalThis.fetch(second)).json();
  const longitudes = body.coordinates.lon.flat().filter((_, i) => body.mask.flat()[i] === 1);
  const inside = longitudes.every((lon) => lon >= 169.99 || lon <= -149.99);
  check(
    'a box across the dateline by numbers',
    inside && longitudes.length > 0,
    `${longitudes.length} cells`,
  );
  const links = await page.$$eval('#downloads a', (all) => all.map(({ href }) => href));
  const answers = links.map(status);
  check(
    'JSON, GeoJSON, NetCDF and GeoTIFF can be had',
    links.length === 4 && answers.every((one) => one.startsWith('200')),
    answers.map((one) => one.split(' ')[1].replace(';', '')).join(' '),
  );
  await page.click('#copy');
  const copied = await page.evaluate(() => globalThis.navigator.clipboard.readText());
  check(
    'the call can be copied',
    copied === (await page.textContent('#call')),
    copied.slice(0, 44),
  );
  await page.fill('#box [name=south]', '80');
  check(
    'a box that is none is told of',
    await page.isVisible('#box-problem'),
    await page.textContent('#box-problem'),
  );
  await page.fill('#box [name=south]', '66');
}
