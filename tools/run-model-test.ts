// Brings the gradients of tfjs-core's own ops, which the core and a backend alone do not have.
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

/** What the test needs of a model; every model package's model has it. */
export interface ModelUnderTest {
  readonly store: {
    readonly parameters: readonly {
      readonly name: string;
      readonly variable: tf.Variable;
      readonly trainable: boolean;
    }[];
    count(): number;
  };
  dispose(): void;
}

/** How to build and drive one model. The callbacks are called outside `tf.tidy` where they are async or create. */
export interface ModelTest<M extends ModelUnderTest, B extends tf.TensorContainer> {
  /** Title of the suite. */
  readonly name: string;
  /** A small model; the same seed gives the same parameters. */
  create(seed: number): M;
  /** A fixed batch of four learnable samples, the same at every call, in new tensors. */
  batch(): B;
  /** The training loss of the model on the batch, batch statistics included. */
  loss(model: M, batch: B): tf.Scalar;
  /** The model's output for the batch in inference mode. */
  output(model: M, batch: B): tf.Tensor;
  /** The model after a round trip through its files. */
  reload(model: M): Promise<M>;
  readonly outputShape: readonly number[];
  /** Number of trainable values, from a count by hand or a reference. */
  readonly parameterCount: number;
  /** Training on the four samples with Adam. @default 60 steps at 0.01, to a fifth of the first loss */
  readonly overfit?: {
    readonly steps?: number;
    readonly learningRate?: number;
    /** Loss to end below, as a part of the first loss. */
    readonly fraction?: number;
  };
  /** Central differences along the gradient. @default 6 parameters, step 1e-4, tolerance 2 % */
  readonly gradients?: {
    /** Parameters to check: spread over the model, the first and last always. */
    readonly parameters?: number;
    /** Length of the step, in units of the loss: the parameter moves by this over the gradient's norm. */
    readonly lossStep?: number;
    /** Largest difference, as a part of the gradient's norm. */
    readonly tolerance?: number;
  };
}

/**
 * The test every model passes: output shape, finite values, parameter count, seeds, one step that lowers
 * the loss, save and load, no leaked tensor, overfitting of four samples, and gradients against finite differences.
 *
 * Call it at the top level of a test file whose backend is set.
 */
export function runModelTest<M extends ModelUnderTest, B extends tf.TensorContainer>(
  test: ModelTest<M, B>,
): void {
  /** Runs `body` with a fresh model and batch, and checks that it leaves no tensor behind. */
  const withModel = async (body: (model: M, batch: B) => void | Promise<void>): Promise<void> => {
    await tf.ready();
    const before = tf.memory().numTensors;
    const model = test.create(1);
    const batch = test.batch();
    await body(model, batch);
    tf.dispose(batch);
    model.dispose();
    expect(tf.memory().numTensors - before, 'leaked tensors').toBe(0);
  };
  const lossOf = (model: M, batch: B): number =>
    tf.tidy(() => Number(test.loss(model, batch).dataSync()[0]));
  const trainable = (model: M): tf.Variable[] =>
    model.store.parameters
      .filter((parameter) => parameter.trainable)
      .map((parameter) => parameter.variable);
  const train = (model: M, batch: B, optimizer: tf.Optimizer, steps: number): void => {
    for (let step = 0; step < steps; step++) {
      tf.tidy(() => {
        optimizer.minimize(() => test.loss(model, batch), false, trainable(model));
      });
    }
    optimizer.dispose();
  };

  describe(test.name, () => {
    it('gives a finite output of the right shape and leaks nothing', async () => {
      await withModel((model, batch) => {
        const running = tf.memory().numTensors;
        const output = tf.tidy(() => test.output(model, batch));
        expect(tf.memory().numTensors - running, 'tensors of one forward pass').toBe(1);
        expect(output.shape).toEqual(test.outputShape);
        expect(output.dataSync().every(Number.isFinite)).toBe(true);
        output.dispose();
        const grads = tf.tidy(() =>
          tf.variableGrads(() => test.loss(model, batch), trainable(model)),
        );
        expect(tf.memory().numTensors - running, 'tensors of one backward pass').toBe(
          1 + trainable(model).length,
        );
        tf.dispose(grads.value);
        tf.dispose(grads.grads);
      });
    });

    it(`has ${test.parameterCount.toLocaleString('en')} trainable values under unique names`, async () => {
      await withModel((model) => {
        expect(model.store.count()).toBe(test.parameterCount);
        const names = model.store.parameters.map((parameter) => parameter.name);
        expect(new Set(names).size).toBe(names.length);
      });
    });

    it('starts from its seed', async () => {
      await withModel((model) => {
        const same = test.create(1);
        const other = test.create(2);
        expect(fingerprint(same)).toEqual(fingerprint(model));
        expect(fingerprint(other)).not.toEqual(fingerprint(model));
        same.dispose();
        other.dispose();
      });
    });

    it('lowers the loss on a fixed batch in one step', async () => {
      await withModel((model, batch) => {
        const before = lossOf(model, batch);
        const squaredNorm = tf.tidy(() => {
          const { grads } = tf.variableGrads(() => test.loss(model, batch), trainable(model));
          return Object.values(grads).reduce(
            (sum, grad) => sum + Number(tf.sum(tf.square(grad)).dataSync()[0]),
            0,
          );
        });
        // Promises a thousandth of the loss: far above rounding, and small enough for any curvature.
        train(model, batch, tf.train.sgd((0.001 * Math.abs(before)) / squaredNorm), 1);
        expect(lossOf(model, batch)).toBeLessThan(before);
      });
    });

    it('is equal after saving and loading', async () => {
      await withModel(async (model, batch) => {
        train(model, batch, tf.train.sgd(1e-3), 1);
        const loaded = await test.reload(model);
        const [expected, received] = [model, loaded].map((each) =>
          tf.tidy(() => Array.from(test.output(each, batch).dataSync())),
        );
        expect(received).toEqual(expected);
        loaded.dispose();
      });
    });

    it('overfits four samples', async () => {
      const { steps = 60, learningRate = 0.01, fraction = 0.2 } = test.overfit ?? {};
      await withModel((model, batch) => {
        const before = lossOf(model, batch);
        train(model, batch, tf.train.adam(learningRate), steps);
        expect(lossOf(model, batch) / before).toBeLessThan(fraction);
      });
    });

    it('has the gradients that finite differences give', async () => {
      const { parameters = 6, lossStep = 1e-4, tolerance = 0.02 } = test.gradients ?? {};
      await withModel((model, batch) => {
        const { value, grads } = tf.tidy(() =>
          tf.variableGrads(() => test.loss(model, batch), trainable(model)),
        );
        const candidates = model.store.parameters.filter((parameter) => parameter.trainable);
        for (const { name, variable } of spread(candidates, parameters)) {
          const gradient = grads[variable.name];
          if (gradient === undefined) throw new Error(`no gradient for ${name}`);
          const norm = tf.tidy(() => Number(tf.norm(gradient).dataSync()[0]));
          if (norm === 0) continue; // nothing to compare: a zero-gain branch passes no gradient on
          // Along the gradient the difference is largest against rounding, and any wrong component shortens it.
          const size = tf.tidy(() => Number(tf.norm(variable).dataSync()[0]));
          const step = Math.min(lossStep / norm, 0.01 * Math.max(size, 1)); // not over many kinks of ReLUs
          const [up, down] = [step, -step].map((length) => {
            const kept = variable.clone();
            tf.tidy(() => variable.assign(kept.add(gradient.mul(length / norm))));
            const loss = lossOf(model, batch);
            variable.assign(kept);
            kept.dispose();
            return loss;
          }) as [number, number]; // one loss for each of the two lengths
          const slope = (up - down) / (2 * step);
          expect(Math.abs(slope - norm) / norm, `gradient of ${name}`).toBeLessThan(tolerance);
        }
        tf.dispose(value);
        tf.dispose(grads);
      });
    });
  });
}

/** Sum of squares of each parameter: differs where any value does, for all practical purposes. */
function fingerprint(model: ModelUnderTest): number[] {
  return tf.tidy(() =>
    model.store.parameters.map(({ variable }) => Number(tf.sum(tf.square(variable)).dataSync()[0])),
  );
}

/** `count` items of the list at equal distances, the first and last included. */
function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from(
    { length: count },
    (_, index) => list[Math.round((index * (list.length - 1)) / (count - 1))] as T,
  ); // the index is in range
}
