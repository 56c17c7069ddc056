import type * as tf from '@tensorflow/tfjs-core';
import type { BatchNorm2d } from './batch-norm2d.js';
import { convBatchNorm2d, type ConvBatchNorm2dOptions } from './conv-batch-norm2d.js';
import { release } from './differentiable.js';
import { kaimingNormalFanOut } from './initializers.js';
import type { Layer } from './layer.js';
import type { ParameterStore } from './parameter-store.js';
import { maxPool2d } from './pool.js';

/** Which ResNet; the three of torchvision by `depth`, smaller ones by `blocks` and `width`. */
export interface ResnetOptions {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Kind of block and number of blocks: 18 and 34 have basic blocks, 50 has bottlenecks. */
  readonly depth: 18 | 34 | 50;
  /** Residual blocks in each of the stages. @default those of `depth`, for example [2, 2, 2, 2] */
  readonly blocks?: readonly number[];
  /** Channels after the stem; each later stage doubles them. @default 64 */
  readonly width?: number;
  /** Put before every parameter name, for example `encoder.`. @default '' */
  readonly prefix?: string;
  /** Whether the last batch norm of each block starts at gain 0, so that blocks start as identity. @default true */
  readonly zeroInitResidual?: boolean;
}

/**
 * Features of images at five scales.
 *
 * Input shape: [B,H,W,C] float32, normalised. Output shape: the stem at half the size, then the
 * stages at 1/4, 1/8, 1/16 and 1/32 (sizes round up), each after its last ReLU.
 */
export type ResnetTrunk = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D[];

const STAGES = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3] } as const;

/** Channels of a bottleneck's output, in units of its inner channels. */
const EXPANSION = 4;

/** The channels of a trunk's features: the stem's, then each stage's. */
export function resnetChannels(
  options: Pick<ResnetOptions, 'depth' | 'blocks' | 'width'>,
): number[] {
  const { depth, blocks = STAGES[depth], width = 64 } = options;
  const expansion = depth === 50 ? EXPANSION : 1;
  return [width, ...blocks.map((_, stage) => width * 2 ** stage * expansion)];
}

/**
 * A ResNet without its classifier, under torchvision's parameter names, so that torchvision's weights load.
 *
 * The bottleneck is the one of version 1.5: its 3×3 convolution carries the stride.
 *
 * References: He et al. 2015, Deep Residual Learning for Image Recognition (arXiv 1512.03385);
 * `torchvision.models.resnet`.
 */
export function resnetTrunk(store: ParameterStore, options: ResnetOptions): ResnetTrunk {
  const {
    inChannels,
    depth,
    blocks = STAGES[depth],
    width = 64,
    prefix = '',
    zeroInitResidual = true,
  } = options;
  const residual = depth === 50 ? bottleneck : basicBlock;
  const stem = convBatchNorm(store, `${prefix}conv1`, `${prefix}bn1`, {
    inChannels,
    outChannels: width,
    kernelSize: 7,
    stride: 2,
    padding: 3,
    activation: 'relu',
  });
  const channels = resnetChannels(options);
  const stages = blocks.map((count, stage) =>
    Array.from({ length: count }, (_, block) =>
      residual(store, `${prefix}layer${stage + 1}.${block}`, {
        inChannels: channels[block === 0 ? stage : stage + 1] as number, // there is one entry more than stages
        channels: width * 2 ** stage,
        stride: block === 0 && stage > 0 ? 2 : 1,
        lastGain: zeroInitResidual ? 0 : 1,
      }),
    ),
  );
  return (x, training) => {
    const first = stem(x, training); // [B,H/2,W/2,C]
    const features = [first];
    let y = maxPool2d(first, { kernelSize: 3, stride: 2, padding: 1 });
    for (const stage of stages) {
      for (const block of stage) {
        const next = block(y, training);
        if (!features.includes(y)) release(y);
        y = next;
      }
      features.push(y);
    }
    return features;
  };
}

interface BlockOptions {
  readonly inChannels: number;
  /** Inner channels; the output has these times the expansion. */
  readonly channels: number;
  readonly stride: number;
  /** Gain that the last batch norm starts with. */
  readonly lastGain: number;
}

/** Two 3×3 convolutions and the way round them. */
function basicBlock(store: ParameterStore, name: string, options: BlockOptions): Layer {
  const { inChannels, channels, stride, lastGain } = options;
  const sizes = { outChannels: channels, kernelSize: 3, padding: 1, activation: 'relu' } as const;
  const first = convBatchNorm(store, `${name}.conv1`, `${name}.bn1`, {
    ...sizes,
    inChannels,
    stride,
  });
  const second = convBatchNorm(store, `${name}.conv2`, `${name}.bn2`, {
    ...sizes,
    inChannels: channels,
    initialGain: lastGain,
  });
  const shortcut = downsample(store, name, { inChannels, outChannels: channels, stride });
  return (x, training) => {
    const inner = first(x, training);
    const around = shortcut(x, training);
    const y = second(inner, training, around);
    release(inner);
    if (around !== x) release(around);
    return y;
  };
}

/** 1×1 down, 3×3 with the stride, 1×1 up, and the way round them. */
function bottleneck(store: ParameterStore, name: string, options: BlockOptions): Layer {
  const { inChannels, channels, stride, lastGain } = options;
  const outChannels = channels * EXPANSION;
  const first = convBatchNorm(store, `${name}.conv1`, `${name}.bn1`, {
    inChannels,
    outChannels: channels,
    kernelSize: 1,
    activation: 'relu',
  });
  const second = convBatchNorm(store, `${name}.conv2`, `${name}.bn2`, {
    inChannels: channels,
    outChannels: channels,
    kernelSize: 3,
    stride,
    padding: 1,
    activation: 'relu',
  });
  const third = convBatchNorm(store, `${name}.conv3`, `${name}.bn3`, {
    inChannels: channels,
    outChannels,
    kernelSize: 1,
    initialGain: lastGain,
    activation: 'relu',
  });
  const shortcut = downsample(store, name, { inChannels, outChannels, stride });
  return (x, training) => {
    const narrow = first(x, training);
    const inner = second(narrow, training);
    release(narrow);
    const around = shortcut(x, training);
    const y = third(inner, training, around);
    release(inner);
    if (around !== x) release(around);
    return y;
  };
}

/** The way round a block: the input itself where shapes agree, else a 1×1 convolution. */
function downsample(
  store: ParameterStore,
  name: string,
  options: { readonly inChannels: number; readonly outChannels: number; readonly stride: number },
): Layer {
  if (options.stride === 1 && options.inChannels === options.outChannels) return (x) => x;
  return convBatchNorm(store, `${name}.downsample.0`, `${name}.downsample.1`, {
    ...options,
    kernelSize: 1,
  });
}

function convBatchNorm(
  store: ParameterStore,
  conv: string,
  norm: string,
  options: ConvBatchNorm2dOptions,
): BatchNorm2d {
  return convBatchNorm2d(store, { conv, norm }, { init: kaimingNormalFanOut, ...options });
}
