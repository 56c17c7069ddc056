import { describe, expect, it } from 'vitest';
import { createBatch } from '../src/models.js';
import { NETWORKS, quickRow, ROWS } from '../src/rows.js';

const SIZE = { batch: 2, height: 8, width: 8 };

describe('createBatch', () => {
  it.each(NETWORKS)('is the same for the same seed: %s', (network) => {
    const [one, same, other] = [7, 7, 8].map((seed) => createBatch(network, SIZE, seed));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });

  it('has the shapes that the networks take', () => {
    const shapes = (network: (typeof NETWORKS)[number]) =>
      Object.fromEntries(
        [...createBatch(network, SIZE, 1)].map(([name, { shape }]) => [name, shape]),
      );
    expect(shapes('resnet50')).toEqual({ images: [2, 8, 8, 3], labels: [2] });
    expect(shapes('siamese')).toEqual({ a: [2, 8, 8, 3], b: [2, 8, 8, 3], target: [2, 8, 8, 1] });
    expect(shapes('convlstm')).toMatchObject({ past: [2, 30, 8, 8, 1], reference: [2, 7, 8, 8] });
  });
});

describe('ROWS', () => {
  it('keep their names and networks when they are made small', () => {
    for (const row of ROWS) {
      const { name, network, mode } = row;
      expect(quickRow(row)).toMatchObject({ name, network, mode });
      expect(quickRow(row).title).toContain('quick');
    }
  });
});
