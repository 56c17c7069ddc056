/** The networks that the rows measure. */
export const NETWORKS = ['resnet50', 'convlstm', 'siamese'] as const;

export type Network = (typeof NETWORKS)[number];

/** Sizes of one batch. */
export interface BatchSize {
  readonly batch: number;
  /** Rows and columns of an image or grid. */
  readonly height: number;
  readonly width: number;
}

/** One line of the table: a network at work on a batch. */
export interface Row extends BatchSize {
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly network: Network;
  /** A whole training step with AdamW, or a forward pass without gradients. */
  readonly mode: 'train' | 'infer';
}

/** The table's lines, in its order. */
export const ROWS: readonly Row[] = [
  row('resnet50-train', 'ResNet-50 training step', 'resnet50', 'train', 8, 256, 256),
  row('resnet50-infer-1', 'ResNet-50 inference', 'resnet50', 'infer', 1, 256, 256),
  row('resnet50-infer-8', 'ResNet-50 inference', 'resnet50', 'infer', 8, 256, 256),
  row('convlstm-train', 'ConvLSTM 30→7 training step', 'convlstm', 'train', 4, 64, 64),
  row('convlstm-infer-grid', 'ConvLSTM 30→7 inference', 'convlstm', 'infer', 1, 448, 304),
  row('siamese-train', 'Siamese ResNet-34 training step', 'siamese', 'train', 4, 256, 256),
  row('siamese-infer-1', 'Siamese ResNet-34 inference', 'siamese', 'infer', 1, 256, 256),
];

function row(
  name: string,
  words: string,
  network: Network,
  mode: Row['mode'],
  batch: number,
  height: number,
  width: number,
): Row {
  const title = `${words}, ${height}×${width}, batch ${batch}`;
  return { name, title, network, mode, batch, height, width };
}

/** The same row on a batch that takes a moment: to see that everything works, not to compare. */
export function quickRow({ name, title, network, mode, batch }: Row): Row {
  const side = network === 'convlstm' ? 16 : 64;
  const fewer = Math.min(batch, 2);
  return {
    ...{ name, network, mode, batch: fewer, height: side, width: side },
    title: title.replace(/, \d+×.*/, `, ${side}×${side}, batch ${fewer} (quick)`),
  };
}

/** The rows that train. */
export function trainingRows(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ mode }) => mode === 'train');
}
