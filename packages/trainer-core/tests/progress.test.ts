import { expect, it } from 'vitest';
import { progressBar, type TrainEvent } from '../src/index.js';

/** Two epochs of two steps, two seconds a step. */
const events: readonly TrainEvent[] = [
  { kind: 'start', epochs: 2, stepsPerEpoch: 2, step: 0, trainableValues: 1, history: [] },
  batch(1, 1, 1),
  batch(1, 2, 2),
  epoch(1),
  { kind: 'lr', epoch: 1, from: 0.1, to: 0.05 },
  batch(2, 1, 3),
  batch(2, 2, 4),
  epoch(2),
  { kind: 'stopped', reason: 'aborted', epoch: 2, step: 4, message: 'Asked to stop.' },
];

function batch(epochNumber: number, number: number, step: number): TrainEvent {
  return {
    kind: 'batch',
    epoch: epochNumber,
    batch: number,
    step,
    loss: 0.123456,
    gradientNorm: 1,
    learningRate: 0.1,
    batchSize: 4,
    seconds: 2,
    dataSeconds: 0,
  };
}

function epoch(number: number): TrainEvent {
  const metrics = {
    epoch: number,
    step: 2 * number,
    learning_rate: 0.1,
    train_loss: 0.5,
    gradient_norm: 1,
    val_loss: 0.25,
  };
  const time = { data: 1, step: 3, validation: 0, checkpoint: 0, callbacks: 0 };
  return { kind: 'epoch', epoch: number, metrics, seconds: 4, time };
}

async function shown(isTTY: boolean, columns = 80): Promise<string> {
  let text = '';
  let clock = 0;
  const show = progressBar({ write: (part) => (text += part), isTTY, columns, now: () => clock });
  for (const event of events) {
    if (event.kind === 'batch') clock += 2000;
    await show(event);
  }
  return text;
}

it('writes one line per epoch where nobody watches', async () => {
  expect(await shown(false)).toBe(
    'epoch 1/2  train_loss 0.5  val_loss 0.25  4.0 s  4.0 s left\n' +
      'learning rate lowered from 0.1 to 0.05\n' +
      'epoch 2/2  train_loss 0.5  val_loss 0.25  4.0 s\n' +
      'Asked to stop.\n',
  );
});

it('moves a bar in a terminal, with the time that is left', async () => {
  const text = await shown(true);
  expect(text).toContain('\repoch 1/2 [==========          ] 1/2  loss 0.1235  6.0 s left\u001b[K');
  expect(text.split('\n')).toHaveLength(5);
  const narrow = (await shown(true, 30))
    .split(/[\r\n]/)
    .map((part) => part.replace('\u001b[K', ''));
  expect(Math.max(...narrow.map((part) => part.length))).toBeLessThan(30);
});
