import { Buffer } from 'node:buffer';
import { renderPng } from '@arctic/plots';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
// The codec of @arctic/raster, from the workspace: a second copy of its native library would get in the way of the first.
import sharp from 'sharp';

/** What of the kernel is used here. */
declare const Deno: {
  readonly jupyter: {
    display(formats: Readonly<Record<string, string>>, how: { readonly raw: true }): Promise<void>;
  };
};

/** How a figure is shown. */
export interface FigureOptions {
  /** Pixels of the picture for one of the figure. @default 1.25 */
  readonly scale?: number;
  /** `png` keeps lines sharp, `jpeg` keeps pictures of ice small. @default 'png' */
  readonly format?: 'png' | 'jpeg';
}

/** Shows a figure of `@arctic/plots`. Its fonts come with it, so that it looks the same everywhere. */
export async function figure(
  svg: string,
  { scale = 1.25, format = 'png' }: FigureOptions = {},
): Promise<void> {
  const png = sharp(renderPng(svg, { scale }));
  const bytes =
    format === 'jpeg'
      ? await png.jpeg({ quality: 80, mozjpeg: true }).toBuffer()
      : await png.png({ palette: true, quality: 95 }).toBuffer();
  await show({ [`image/${format}`]: Buffer.from(bytes).toString('base64') }, titleOf(svg));
}

/** Figures of `@arctic/plots` beside each other as one. */
export function beside(...figures: readonly string[]): string {
  const sizes = figures.map((svg) => ({
    width: sizeOf(svg, 'width'),
    height: sizeOf(svg, 'height'),
  }));
  const width = sizes.reduce((sum, size) => sum + size.width, 0);
  const height = Math.max(...sizes.map((size) => size.height));
  let x = 0;
  const placed = figures.map((svg, i) => {
    const at = x;
    x += sizes[i]?.width ?? 0;
    return svg.replace('<svg', `<svg x="${at}"`);
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<title>${figures.map(titleOf).join(' · ')}</title>` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>${placed.join('')}</svg>`
  );
}

/** Shows a chart of Observable Plot, on white paper so that dark themes do not swallow it. */
export async function chart(
  options: Plot.PlotOptions & { readonly ariaLabel: string },
): Promise<void> {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    document,
    style: { background: 'white', color: '#16222e', fontSize: '12px' },
    width: 760,
    height: 320,
    marginLeft: 56,
    marginBottom: 42,
    ...options,
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  // Hundredths of a pixel say enough and make the file a third as large.
  const text = svg.outerHTML.replace(/="[^"]*\d\.\d{3,}[^"]*"/g, (attribute) =>
    attribute.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
  await show({ 'image/svg+xml': text }, options.ariaLabel);
}

/** The names of colours, in a corner of a chart. */
export function keys(
  names: readonly string[],
  corner: 'top-right' | 'bottom-left' = 'top-right',
): Plot.Markish[] {
  return names.map((name, i) =>
    Plot.text([name], {
      frameAnchor: corner,
      text: (each: string) => `● ${each}`,
      fill: (each: string) => each,
      fontWeight: 'bold',
      dx: corner === 'top-right' ? -6 : 8,
      dy: corner === 'top-right' ? 16 * i : 16 * (i - names.length) + 6,
    }),
  );
}

/** Shows rows as a table. Numbers come as text, rounded by whoever knows how far they can be trusted. */
export async function table(
  rows: readonly Readonly<Record<string, string | number>>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '')));
  const widths = columns.map((name, c) =>
    Math.max(name.length, ...cells.map((row) => row[c]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, c) => (c === 0 ? text.padEnd(widths[c] ?? 0) : text.padStart(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  const html = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((text) => `<${tag}>${escape(text)}</${tag}>`).join('')}</tr>`;
  await show(
    {
      'text/html': `<table>${html('th', columns)}${cells.map((row) => html('td', row)).join('')}</table>`,
    },
    [columns, ...cells].map(line).join('\n'),
  );
}

/** Prints a line. */
export async function print(line: string): Promise<void> {
  // eslint-disable-next-line no-console -- this is how a notebook prints
  console.log(line);
  await sent();
}

async function show(formats: Readonly<Record<string, string>>, text: string): Promise<void> {
  await Deno.jupyter.display({ ...formats, 'text/plain': text }, { raw: true });
  await sent();
}

/**
 * Waits until an output has left the kernel, which queues it and may say that the cell has ended before it sends it;
 * what comes after that is dropped. Also why nothing here is shown as the value of a cell.
 */
async function sent(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

function titleOf(svg: string): string {
  return /<title>(.*?)<\/title>/s.exec(svg)?.[1] ?? 'figure';
}

function sizeOf(svg: string, side: 'width' | 'height'): number {
  return Number(new RegExp(`<svg[^>]* ${side}="([\\d.]+)"`).exec(svg)?.[1]);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
