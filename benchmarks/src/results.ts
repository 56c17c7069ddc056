import { median } from './statistics.js';

/** What the repetitions of one contestant came to. */
export interface Timing {
  readonly medianMs: number;
  readonly minMs: number;
  /** Most memory its process ever had, in MB. */
  readonly peakMb: number;
  /** Every repetition, in the order they were taken. */
  readonly samplesMs: readonly number[];
}

/** Why a peer has no numbers. */
export interface Failure {
  readonly error: string;
}

/** One line of the table. */
export interface RowResult {
  readonly name: string;
  readonly title: string;
  /** Throughput of ours ÷ that of the fastest peer: above 1 ours is faster; null where no peer ran. */
  readonly ratio: number | null;
  /** Peak memory of ours ÷ that of the fastest peer: below 1 ours is smaller. */
  readonly memoryRatio: number | null;
  /** Peak memory of ours ÷ that of the peer with the least. */
  readonly leanestMemoryRatio: number | null;
  readonly fastestPeer: string | null;
  readonly repetitions: number;
  readonly ours: Timing;
  readonly peers: Readonly<Record<string, Timing | Failure>>;
}

/** `results/latest.json`. */
export interface Results {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
  /** Steps of each contestant that were not counted. */
  readonly warmUp: number;
  readonly rows: readonly RowResult[];
}

/** The numbers of a list of repetitions. */
export function timing(samplesMs: readonly number[], peakMb: number): Timing {
  return {
    medianMs: rounded(median(samplesMs)),
    minMs: rounded(Math.min(...samplesMs)),
    peakMb: rounded(peakMb),
    samplesMs: samplesMs.map(rounded),
  };
}

/** Whether a peer ran. */
export function hasRun(peer: Timing | Failure): peer is Timing {
  return 'medianMs' in peer;
}

/** A line of the table from its contestants' numbers. */
export function rowResult(
  row: { readonly name: string; readonly title: string },
  repetitions: number,
  ours: Timing,
  peers: Readonly<Record<string, Timing | Failure>>,
): RowResult {
  const ran = Object.entries(peers).flatMap(([name, peer]) =>
    hasRun(peer) ? [{ name, ...peer }] : [],
  );
  const [fastest] = ran.toSorted((a, b) => a.medianMs - b.medianMs);
  const [leanest] = ran.toSorted((a, b) => a.peakMb - b.peakMb);
  return {
    name: row.name,
    title: row.title,
    ratio: fastest ? rounded(fastest.medianMs / ours.medianMs) : null,
    memoryRatio: fastest ? rounded(ours.peakMb / fastest.peakMb) : null,
    leanestMemoryRatio: leanest ? rounded(ours.peakMb / leanest.peakMb) : null,
    fastestPeer: fastest?.name ?? null,
    repetitions,
    ours,
    peers,
  };
}

/** To a thousandth: more says nothing. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
