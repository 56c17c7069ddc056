import { OURS } from './launch.js';
import { hasRun, type Results } from './results.js';

const WIDTH = 760;
const LEFT = 170;
const RIGHT = 150;
const BAR = 14;
const GAP = 30;
const TOP = 78;
const FAMILY = "'DejaVu Sans', Verdana, sans-serif";

/** A bar for every contestant of every row: its throughput as a multiple of the fastest peer's. */
export function formatChart({ machine, threads, rows }: Results): string {
  const groups = rows.map(({ title, fastestPeer, ours, peers }) => {
    const fastest = fastestPeer === null ? undefined : peers[fastestPeer];
    const reference = (fastest && hasRun(fastest) ? fastest : ours).medianMs;
    const bars = Object.entries({ [OURS]: ours, ...peers }).flatMap(([name, entry]) =>
      hasRun(entry) ? [{ name, ...entry, speed: reference / entry.medianMs }] : [],
    );
    return { title, bars };
  });
  const most = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ speed }) => speed)));
  const scale = (WIDTH - LEFT - RIGHT) / most;
  let y = TOP;
  const drawn = groups.map(({ title, bars }) => {
    const head = text(24, y, title, 'font-weight="bold"');
    const lines = bars.map(({ name, speed, medianMs, peakMb }) => {
      y += BAR + 6;
      const numbers = `${speed.toFixed(2)}×  ${medianMs.toFixed(0)} ms  ${(peakMb / 1000).toFixed(1)} GB`;
      const color = name === OURS ? '#0072b2' : '#b8c2cc';
      return (
        text(LEFT - 8, y, name, 'text-anchor="end"') +
        `<rect x="${LEFT}" y="${y - BAR + 3}" width="${(speed * scale).toFixed(1)}" height="${BAR}" fill="${color}"/>` +
        text(LEFT + speed * scale + 6, y, numbers, 'fill="#64717d"')
      );
    });
    y += GAP;
    return head + lines.join('');
  });
  const one = LEFT + scale;
  const where = `${machine['cpu']}, ${threads} threads; × the throughput of the fastest peer, median, peak memory`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="${FAMILY}" font-size="11" role="img">`,
    `<title>Throughput against PyTorch and Keras</title>`,
    `<rect width="${WIDTH}" height="${y}" fill="#ffffff"/>`,
    text(24, 30, 'Throughput against PyTorch and Keras', 'font-size="17" font-weight="bold"'),
    text(24, 50, where, 'fill="#64717d"'),
    `<line x1="${one.toFixed(1)}" x2="${one.toFixed(1)}" y1="${TOP - 14}" y2="${y - GAP}" stroke="#d55e00"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escaped}</text>`;
}
