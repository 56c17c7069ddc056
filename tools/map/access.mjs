// Without a pointer, in the dark, on a phone, and as axe sees it.
import { readFileSync } from 'node:fs';
import { URL } from 'node:url';
import { nextPicture, pictureOf, settle } from './stage.mjs';

const axe = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** The main things with the keyboard alone. */
export async function checkKeyboard(check, { page }) {
  const { keyboard } = page;
  const press = async (...keys) => {
    for (const key of keys) await keyboard.press(key);
  };
  const focused = () => page.evaluate(() => globalThis.document.activeElement.id);
  await press('Tab', 'Enter');
  await page.waitForTimeout(100);
  check('the skip link leads to the map', (await focused()) === 'map');
  await press('ArrowRight', 'ArrowUp', 'Shift+ArrowDown');
  await page.waitForFunction(() => globalThis.document.querySelector('#spoken').textContent !== '');
  const spoken = await page.textContent('#spoken');
  check(
    'arrow keys move the crosshair, and its value is spoken',
    /Place .*(Forecast|Value)/.test(spoken),
    spoken,
  );
  await press('ArrowRight');
  await page.waitForTimeout(500);
  check('the next cell speaks anew', (await page.textContent('#spoken')) !== spoken);
  const before = await pictureOf(page);
  await press('+');
  check('plus zooms', (await nextPicture(page, before)).sum !== before.sum);
  await press('Home', 'b', 'Shift+ArrowRight', 'Shift+ArrowDown', 'b');
  const box = await page.$$eval('#box input', (inputs) => inputs.map(({ value }) => value));
  check('B sets the corners of a box', box.join() !== '-180,-120,60,85', box.join(', '));
  /** Tab until an element has the focus. */
  const reach = async (id) => {
    for (let i = 0; i < 60 && (await focused()) !== id; i++) await press('Tab');
    return (await focused()) === id;
  };
  const reached = await reach('play');
  await press('Enter');
  await page.waitForTimeout(1000);
  const playing = await page.getAttribute('#play', 'aria-label');
  await press('Enter');
  check('the play button', reached && playing === 'Pause', playing);
  await reach('lead');
  await press('Home', 'ArrowRight', 'ArrowRight');
  check(
    'the slider',
    (await page.inputValue('#lead')) === '3',
    await page.getAttribute('#lead', 'aria-valuetext'),
  );
  await press('Tab');
  await press('ArrowDown');
  const layer = await page.$eval('[name=layer]:checked', ({ value }) => value);
  check('the layers', layer === 'change', layer);
  await reach('tab-box');
  await press('ArrowRight');
  check('the tabs', (await focused()) === 'tab-scores' && (await page.isVisible('#panel-scores')));
  const outline = await page.evaluate(
    () => globalThis.getComputedStyle(globalThis.document.activeElement).outlineWidth,
  );
  check('the focus is to be seen', Number.parseFloat(outline) >= 2, outline);
}

/** Colours, width, and what axe finds in each panel. */
export async function checkLooks(check, { page }, name) {
  const { background, width, room } = await page.evaluate(() => {
    const { document, getComputedStyle, innerWidth } = globalThis;
    return {
      background: getComputedStyle(document.body).backgroundColor,
      width: document.documentElement.scrollWidth,
      room: innerWidth,
    };
  });
  const bright =
    Math.max(
      ...background
        .match(/[\d.]+/g)
        .slice(0, 3)
        .map(Number),
    ) > 128;
  const dark = /dark|narrow/.test(name);
  check(`${name}: the colours fit`, bright !== dark, background);
  check(`${name}: nothing is wider than the window`, width <= room, `${width} of ${room} px`);
  const { colours } = await pictureOf(page);
  check(`${name}: the map is drawn`, colours > 100, `${colours} colours`);
  await page.evaluate(axe);
  const found = [];
  let rules = 0;
  for (const tab of ['box', 'scores', 'images', 'compute']) {
    await page.click(`#tab-${tab}`);
    await settle(page);
    const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
    rules = Math.max(rules, passes.length);
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(`${tab}: ${id} at ${nodes[0].target.join(' ')}`);
  }
  check(
    `${name}: axe finds nothing serious`,
    found.length === 0,
    found.join('; ') || `${rules} rules passed`,
  );
  if (name !== 'dark') return;
  await page.click('#theme');
  const light = await page.evaluate(
    () => globalThis.getComputedStyle(globalThis.document.body).backgroundColor,
  );
  await page.reload();
  const kept = await page.getAttribute('html', 'data-theme');
  check(
    'the toggle makes it light, and that is kept',
    light !== background && kept === 'light',
    light,
  );
}
