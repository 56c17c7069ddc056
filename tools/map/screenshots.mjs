// Pictures of the page for its README.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { samplesOf } from './panels.mjs';

/** Bytes of a picture at most. */
const MOST = 300 * 1024;

export async function takeScreenshots(check, open, folder, data) {
  const take = async (name, options, act) => {
    const { page, context, load } = await open(options);
    await load();
    await act(page);
    await page.evaluate(() => globalThis.document.activeElement.blur());
    await page.waitForTimeout(1000);
    const path = join(folder, `map-${name}.png`);
    await page.screenshot({ path });
    await context.close();
    const { size } = statSync(path);
    check(`map-${name}.png`, size < MOST, `${Math.round(size / 1024)} KiB`);
  };
  await take('forecast', { viewport: { width: 1160, height: 700 } }, async (page) => {
    await page.fill('#lead', '5');
    await page.mouse.move(470, 270);
  });
  await take(
    'change-dark',
    { viewport: { width: 1200, height: 740 }, colorScheme: 'dark' },
    async (page) => {
      await page.check('[name=layer][value=change]');
      await page.fill('#lead', '7');
      await page.click('#tab-scores');
      await page.waitForSelector('#scores svg');
    },
  );
  await take(
    'phone',
    { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
    async (page) => {
      await page.fill('#lead', '3');
    },
  );
  await take('images', { viewport: { width: 1200, height: 740 } }, async (page) => {
    const { before, after } = samplesOf(data);
    await page.check('[name=layer][value=uncertainty]');
    await page.click('#tab-images');
    await page.check('[name=kind][value=changes]');
    await page.setInputFiles('[name=before]', before);
    await page.setInputFiles('[name=after]', after);
    await page.click('#images [type=submit]');
    await page.waitForSelector('canvas.classes');
    await page.$eval('#image-result', (element) => element.scrollIntoView({ block: 'end' }));
  });
}
