import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';

/** Time spent in one kind of op. */
export interface OpTime {
  readonly name: string;
  readonly ms: number;
  readonly count: number;
}

/** Where the time of a step went, in means per step. */
export interface Profile {
  readonly steps: number;
  readonly wallMs: number;
  /** By op, longest first. */
  readonly ops: readonly OpTime[];
  /** By op and shapes of its inputs, longest first. */
  readonly shapes: readonly OpTime[];
  /** What was not spent in ops: JavaScript, reading results, collecting garbage. */
  readonly restMs: number;
  readonly userMs: number;
  readonly systemMs: number;
  readonly pageFaults: number;
}

/** The methods of tfjs-node's backend that all its ops go through. */
interface OpRunner {
  executeSingleOutput(op: string, attributes: unknown, inputs: readonly tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: unknown,
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/**
 * Runs steps and tells where their time went, op by op.
 *
 * Ops run to their end before they return, so the time of a call is the time of its op.
 */
export async function profileSteps(
  step: () => Promise<unknown>,
  options: { readonly warmUp: number; readonly steps: number },
): Promise<Profile> {
  for (let i = 0; i < options.warmUp; i++) await step();
  const ops = new Map<string, { ms: number; count: number }>();
  const shapes = new Map<string, { ms: number; count: number }>();
  const restore = watchOps((op, inputs, ms) => {
    add(ops, op, ms);
    add(shapes, `${op} ${inputs.map(({ shape }) => `[${shape.join()}]`).join(' ')}`, ms);
  });
  const before = process.resourceUsage();
  const start = performance.now();
  try {
    for (let i = 0; i < options.steps; i++) await step();
  } finally {
    restore();
  }
  const { steps } = options;
  const wallMs = (performance.now() - start) / steps;
  const after = process.resourceUsage();
  const perStep = (pick: (usage: NodeJS.ResourceUsage) => number) =>
    (pick(after) - pick(before)) / steps;
  const list = sorted(ops, steps);
  return {
    steps,
    wallMs,
    ops: list,
    shapes: sorted(shapes, steps),
    restMs: wallMs - list.reduce((sum, { ms }) => sum + ms, 0),
    userMs: perStep((usage) => usage.userCPUTime) / 1000,
    systemMs: perStep((usage) => usage.systemCPUTime) / 1000,
    pageFaults: perStep((usage) => usage.minorPageFault + usage.majorPageFault),
  };
}

/** Calls `report` after every op until the returned function is called. */
function watchOps(
  report: (op: string, inputs: readonly tf.Tensor[], ms: number) => void,
): () => void {
  // The public type of a backend does not know the methods of tfjs-node's.
  const backend = tf.backend() as unknown as Partial<OpRunner>;
  const { executeSingleOutput: single, executeMultipleOutputs: multiple } = backend;
  if (!single || !multiple) {
    throw new Error(
      'Expected the native backend. Received: the JavaScript one. Run: npm run runtime',
    );
  }
  const timed = <T>(op: string, inputs: readonly tf.Tensor[], run: () => T): T => {
    const start = performance.now();
    const result = run();
    report(op, inputs, performance.now() - start);
    return result;
  };
  backend.executeSingleOutput = (op, attributes, inputs) =>
    timed(op, inputs, () => single.call(backend as OpRunner, op, attributes, inputs));
  backend.executeMultipleOutputs = (op, attributes, inputs, outputs) =>
    timed(op, inputs, () => multiple.call(backend as OpRunner, op, attributes, inputs, outputs));
  return () => {
    // Own properties hid the methods of the prototype.
    delete backend.executeSingleOutput;
    delete backend.executeMultipleOutputs;
  };
}

function add(table: Map<string, { ms: number; count: number }>, key: string, ms: number): void {
  const entry = table.get(key) ?? { ms: 0, count: 0 };
  table.set(key, { ms: entry.ms + ms, count: entry.count + 1 });
}

function sorted(
  table: ReadonlyMap<string, { readonly ms: number; readonly count: number }>,
  steps: number,
): OpTime[] {
  return [...table]
    .map(([name, { ms, count }]) => ({ name, ms: ms / steps, count: count / steps }))
    .sort((a, b) => b.ms - a.ms);
}
