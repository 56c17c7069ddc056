import type { Transform } from '../raster.js';

/** Where a GMLJP2 coverage description puts the image. */
export interface GmlGrid {
  /** `EPSG:n`; null where the description names no code. */
  readonly crs: string | null;
  readonly affine: Transform;
}

/**
 * CRS and affine map of the `RectifiedGrid` in a GMLJP2 document, or null where it has none.
 *
 * Its origin is the centre of the first pixel, and its coordinates are in the order of axes of the
 * CRS, or should be: writers disagree. The two offset vectors tell, since images lie north up: one
 * along columns changes x alone, one along rows y alone.
 */
export function readGmlGrid(xml: string): GmlGrid | null {
  const grid = elementOf(xml, 'RectifiedGrid');
  if (!grid) return null;
  const origin = elementOf(grid.body, 'origin');
  const vectors = [...grid.body.matchAll(/<(?:[\w-]+:)?offsetVector\b[^>]*>([^<]*)</g)].map(
    ([, text]) => numbers(text),
  );
  const position = numbers(
    elementOf(origin?.body ?? '', 'pos')?.body ??
      elementOf(origin?.body ?? '', 'coordinates')?.body,
  );
  let [first = 0, second = 0] = position;
  let [[dx = 0, ry = 0] = [], [rx = 0, dy = 0] = []] = vectors;
  if (position.length < 2 || vectors.length < 2 || dx * dy === rx * ry) return null;
  if (dx === 0 && dy === 0) {
    // Columns change the second coordinate: northing, or latitude, comes first.
    [first, second, dx, ry, rx, dy] = [second, first, ry, dx, dy, rx];
  } else if (ry === 0 && rx === 0 && dx < 0 && dy > 0) {
    // The same, written by those who also list the vector of the rows first.
    [first, second, dx, dy] = [second, first, dy, dx];
  }
  const x0 = first - (dx + rx) / 2;
  const y0 = second - (ry + dy) / 2;
  const names = [
    ...(origin?.body.match(/srsName\s*=\s*["'][^"']*/) ?? []),
    grid.attributes,
    ...(xml.match(/<(?:[\w-]+:)?Envelope\b[^>]*/) ?? []),
    grid.body,
  ];
  return {
    crs: names.map(codeOf).find((code) => code !== null) ?? null,
    affine: [x0, dx, rx, y0, ry, dy],
  };
}

function elementOf(xml: string, name: string): { attributes: string; body: string } | null {
  const open = new RegExp(`<((?:[\\w-]+:)?${name})\\b([^>]*)>`).exec(xml);
  if (!open) return null;
  const start = open.index + open[0].length;
  const end = xml.indexOf(`</${open[1]}`, start);
  return end < 0 ? null : { attributes: open[2] ?? '', body: xml.slice(start, end) };
}

function numbers(text = ''): number[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(Number)
    .filter(Number.isFinite);
}

/** `urn:ogc:def:crs:EPSG::32631`, `http://www.opengis.net/def/crs/EPSG/0/32631`, `EPSG:32631` … */
function codeOf(text: string): string | null {
  const name = /srsName\s*=\s*["']([^"']*)/.exec(text)?.[1] ?? '';
  const code = /epsg(?:\.xml#|[:/][^:/]*[:/]|:)(\d+)$/i.exec(name.trim())?.[1];
  return code === undefined ? null : `EPSG:${code}`;
}
