import type { ModelKind } from '@arctic/inference';

/** A model that is served, or one that was when a forecast was issued. */
export interface ModelInfo {
  readonly name: ModelKind;
  /** First digits of the SHA-256 of its files. */
  readonly version: string;
  /** ISO time of its newest file. */
  readonly createdAt: string;
  /** Whether it was trained on generated data. */
  readonly synthetic: boolean;
}
