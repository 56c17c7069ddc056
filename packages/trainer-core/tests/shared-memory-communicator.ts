import type { Communicator } from '../src/index.js';

/** What threads that play the processes of one training share. */
export interface SharedMemory {
  /** Arrivals at the barrier, and its generation. */
  readonly gate: SharedArrayBuffer;
  /** One value of each rank after the other, 8 bytes each. */
  readonly values: SharedArrayBuffer;
}

/** Room for `size` ranks with messages of so many values. */
export function sharedMemory(size: number, largest: number): SharedMemory {
  return {
    gate: new SharedArrayBuffer(8),
    values: new SharedArrayBuffer(8 * size * largest),
  };
}

/** Threads of one process as the processes of a training: the sums are taken in the order of the ranks. */
export function sharedMemoryCommunicator(
  { gate, values }: SharedMemory,
  rank: number,
  size: number,
): Communicator {
  const door = new Int32Array(gate);
  const all = new Float64Array(values);
  const largest = all.length / size;
  const barrier = () => {
    const generation = Atomics.load(door, 1);
    if (Atomics.add(door, 0, 1) === size - 1) {
      Atomics.store(door, 0, 0);
      Atomics.add(door, 1, 1);
      Atomics.notify(door, 1);
    } else if (Atomics.wait(door, 1, generation, 20_000) === 'timed-out') {
      throw new Error(`rank ${rank} waits alone`);
    }
  };
  return {
    rank,
    size,
    barrier,
    allReduceInto(mine) {
      all.set(mine, rank * largest);
      barrier();
      for (let i = 0; i < mine.length; i++) {
        let sum = 0;
        for (let other = 0; other < size; other++) sum += all[other * largest + i] ?? NaN;
        mine[i] = sum;
      }
      barrier();
    },
    broadcastInto(mine) {
      if (rank === 0) all.set(mine);
      barrier();
      mine.set(all.subarray(0, mine.length));
      barrier();
    },
  };
}
