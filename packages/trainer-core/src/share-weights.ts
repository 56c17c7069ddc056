import * as tf from '@tensorflow/tfjs-core';
import type { Communicator } from './communicator.js';
import type { Parameter } from './task.js';

/** Gives every process the weights of the first. */
export async function shareWeights(
  parameters: readonly Parameter[],
  { rank, broadcastInto }: Communicator,
): Promise<void> {
  for (const { variable } of parameters) {
    // Checked when the run began: float32 or int32.
    const values = (await variable.data()).slice() as Float32Array | Int32Array;
    broadcastInto(values);
    if (rank > 0) tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, variable.dtype)));
  }
}
