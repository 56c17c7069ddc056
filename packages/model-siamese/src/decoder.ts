import { conv2d, convBatchNorm2d, type Layer, type ParameterStore, upsample2d } from '@arctic/nn';
import * as tf from '@tensorflow/tfjs-core';

/** From features at several scales, finest first, to logits [B,H,W,1]. */
export type Decoder = (features: readonly tf.Tensor4D[], training: boolean) => tf.Tensor4D;

/**
 * A U-Net decoder: from the coarsest features up, each stage doubles the size, joins the next finer
 * features, and convolves twice.
 *
 * Sizes that are no multiple of 32 work: every doubling is cut to the size of what it joins, which
 * is exact, since a convolution of stride 2 rounds up and begins at the first row and column.
 *
 * References: Ronneberger et al. 2015, U-Net (arXiv 1505.04597).
 *
 * @param options.featureChannels channels of the features, finest (full size) first.
 * @param options.decoderChannels channels of the stages, coarsest first; one fewer than features.
 */
export function decoder(
  store: ParameterStore,
  name: string,
  options: {
    readonly featureChannels: readonly number[];
    readonly decoderChannels: readonly number[];
  },
): Decoder {
  const { featureChannels, decoderChannels } = options;
  const coarsestFirst = [...featureChannels].reverse();
  const stages = decoderChannels.map((outChannels, index) => {
    const below = index === 0 ? coarsestFirst[0] : decoderChannels[index - 1];
    const inChannels = (below ?? 0) + (coarsestFirst[index + 1] ?? 0);
    return doubleConvolution(store, `${name}.${index}`, { inChannels, outChannels });
  });
  const head = conv2d(store, 'head', {
    inChannels: decoderChannels.at(-1) ?? 0,
    outChannels: 1,
    kernelSize: 3,
    padding: 1,
  });
  return (features, training) => {
    const [coarsest, ...skips] = [...features].reverse();
    let x = coarsest as tf.Tensor4D; // a trunk has at least its stem
    stages.forEach((stage, index) => {
      const skip = skips[index] as tf.Tensor4D; // one for each stage
      const larger = cut(
        upsample2d(x, { scale: 2, mode: 'nearest' }),
        skip.shape[1],
        skip.shape[2],
      );
      x = stage(tf.concat([larger, skip], 3), training); // [B,H/2^k,W/2^k,C]
    });
    return head(x, training);
  };
}

/** Two 3×3 convolutions, each with batch norm and ReLU. */
function doubleConvolution(
  store: ParameterStore,
  name: string,
  options: { readonly inChannels: number; readonly outChannels: number },
): Layer {
  const { inChannels, outChannels } = options;
  const sizes = { outChannels, kernelSize: 3, padding: 1, activation: 'relu' } as const;
  const layer = (n: number, channels: number) =>
    convBatchNorm2d(
      store,
      { conv: `${name}.conv${n}`, norm: `${name}.bn${n}` },
      { ...sizes, inChannels: channels },
    );
  const [first, second] = [layer(1, inChannels), layer(2, outChannels)];
  return (x, training) => second(first(x, training), training);
}

function cut(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  if (x.shape[1] === height && x.shape[2] === width) return x;
  return tf.slice(x, [0, 0, 0, 0], [-1, height, width, -1]);
}
