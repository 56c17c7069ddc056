// The browser of the checks: one that is installed, driven by playwright-core, which brings none.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { chromium } from 'playwright-core';

/** Path of the first browser found; null without one. */
export function findChromium() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return null;
}

/** A browser without a window. Root has no sandbox; without a graphics card WebGL and WebGPU run in software. */
export function openChromium(executablePath) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath,
    args: [
      ...sandbox,
      ...['--enable-unsafe-swiftshader', '--use-angle=swiftshader'],
      ...['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    ],
  });
}
