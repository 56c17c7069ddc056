import { startContestant, type Contestant, type Launch } from './contestant.js';
import { BenchmarkError, firstLine } from './errors.js';
import { timing, type Failure, type Timing } from './results.js';

/** How a row is measured. */
export interface MeasureOptions {
  /** Steps of each contestant that do not count. */
  readonly warmUp: number;
  readonly repetitions: number;
  /** Memory that programs can still get, in MB. */
  readonly availableMb: () => number;
  /** Called before every step, with what is going on. */
  readonly onStep: (words: string) => void;
}

/** Numbers of ours and of each peer, by name. */
export interface Measured {
  readonly ours: Timing;
  readonly peers: Readonly<Record<string, Timing | Failure>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** A further process may start where there is room for this many times the largest one so far. */
const ROOM = 1.3;

interface Entry {
  readonly contestant: Contestant;
  readonly samplesMs: number[];
  peakMb: number;
}

/**
 * Takes the contestants' steps in turn, A B C A B C …, so that a machine that gets slower or faster
 * does so for all; one works at a time.
 *
 * All processes stay alive, waiting. Where memory does not hold all at once the peers come in groups,
 * and ours alternates with each group.
 *
 * @throws whatever ends ours; a peer that fails is told in the result.
 */
export async function measure(
  ourLaunch: Launch,
  peerLaunches: readonly Launch[],
  options: MeasureOptions,
): Promise<Measured> {
  const peers: Record<string, Timing | Failure> = {};
  const waiting = [...peerLaunches];
  const ours = await enter(ourLaunch, options);
  const { parameters } = ours.contestant.ready;
  let { versions } = ours.contestant.ready;
  try {
    do {
      const group: Entry[] = [];
      try {
        let largest = ours.peakMb;
        while (
          waiting.length > 0 &&
          (group.length === 0 || options.availableMb() > ROOM * largest)
        ) {
          const launch = waiting.shift() as Launch; // there is one
          try {
            const entry = await enter(launch, options, parameters);
            group.push(entry);
            versions = { ...versions, ...entry.contestant.ready.versions };
            largest = Math.max(largest, entry.peakMb);
          } catch (error) {
            peers[launch.name] = { error: firstLine(error) };
          }
        }
        await alternate([ours, ...group], peers, options);
      } finally {
        await Promise.all(group.map(({ contestant }) => contestant.stop()));
      }
      for (const { contestant, samplesMs, peakMb } of group) {
        peers[contestant.name] ??= timing(samplesMs, peakMb);
      }
    } while (waiting.length > 0);
  } finally {
    await ours.contestant.stop();
  }
  const ordered = peerLaunches.flatMap(({ name }) => {
    const peer = peers[name];
    return peer ? [[name, peer] as const] : [];
  });
  return {
    ours: timing(ours.samplesMs, ours.peakMb),
    peers: Object.fromEntries(ordered),
    versions,
  };
}

/** Starts a contestant and warms it up. @param expected its trainable values, where they are known */
async function enter(
  launch: Launch,
  { warmUp, onStep }: MeasureOptions,
  expected?: number,
): Promise<Entry> {
  onStep(`${launch.name} starts`);
  const contestant = await startContestant(launch);
  const entry: Entry = { contestant, samplesMs: [], peakMb: 0 };
  try {
    const { parameters } = contestant.ready;
    if (expected !== undefined && parameters !== expected) {
      throw new BenchmarkError(
        `Expected ${expected} trainable values, as ours. Received: ${parameters}.`,
      );
    }
    for (let i = 0; i < warmUp; i++) {
      onStep(`${launch.name} warms up, ${i + 1} of ${warmUp}`);
      entry.peakMb = (await contestant.step()).peakMb;
    }
  } catch (error) {
    await contestant.stop();
    throw error;
  }
  return entry;
}

/** Takes the repetitions of a group; a peer that dies is noted in `peers` and left out from then on. */
async function alternate(
  [ours, ...others]: readonly [Entry, ...Entry[]],
  peers: Record<string, Timing | Failure>,
  { repetitions, onStep }: MeasureOptions,
): Promise<void> {
  const take = async (entry: Entry, words: string) => {
    onStep(`${entry.contestant.name}, ${words}`);
    const { ms, peakMb } = await entry.contestant.step();
    entry.samplesMs.push(ms);
    entry.peakMb = peakMb;
  };
  for (let i = 0; i < repetitions; i++) {
    const words = `repetition ${i + 1} of ${repetitions}`;
    await take(ours, words);
    for (const other of others) {
      if (other.contestant.name in peers) continue;
      try {
        await take(other, words);
      } catch (error) {
        peers[other.contestant.name] = { error: firstLine(error) };
      }
    }
  }
}
