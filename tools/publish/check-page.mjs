import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findChromium, openChromium } from '../open-chromium.mjs';
import { freePort } from './local-registry.mjs';

const { fetch } = globalThis;
const SAYS =
  /^3 days forecast on (?<backend>\w+) in \d+ ms: RMSE (?<rmse>[\d.]+), persistence (?<persistence>[\d.]+)$/;

/** The built page of a Vite project, served by `vite preview` and opened in Chromium on two backends. */
export async function checkPage({ folder, node, major, check }) {
  const chromium = findChromium();
  if (chromium === null) {
    console.log('no Chromium here: the page is not opened');
    return;
  }
  const port = await freePort();
  const vite = join(folder, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = ['preview', '--host', '127.0.0.1', '--port', String(port), '--strictPort'];
  const server = spawn(node, [vite, ...args], { cwd: folder, stdio: 'ignore' });
  const gone = once(server, 'exit');
  const url = `http://127.0.0.1:${port}/`;
  let browser;
  try {
    for (let waited = 0; !(await fetch(url).catch(() => null))?.ok; waited++) {
      if (server.exitCode !== null || waited > 150) throw new Error('vite preview does not answer');
      await delay(200);
    }
    browser = await openChromium(chromium);
    for (const backend of ['webgl', 'cpu']) {
      const page = await browser.newPage();
      const problems = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      await page.goto(`${url}?backend=${backend}`);
      const status = page.locator('#status');
      await status.filter({ hasText: /days forecast|No forecast/ }).waitFor({ timeout: 120_000 });
      const text = await status.textContent();
      const { rmse, persistence, ...ran } = SAYS.exec(text)?.groups ?? {};
      const maps = await page.locator('canvas').count();
      const holds =
        ran.backend === backend &&
        Number(rmse) < Number(persistence) &&
        maps === 6 &&
        problems.length === 0;
      check(`Node ${major}: the page in Chromium`, holds, [text, ...problems].join('; '));
      await page.close();
    }
  } finally {
    await browser?.close();
    server.kill();
    await gone;
  }
}
