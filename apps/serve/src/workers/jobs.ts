import type { LonLatBox } from '@arctic/raster';
import type { ModelInfo } from '../models/model-info.js';

/** A day of observations on the disk. */
export interface DayFile {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Zarr folder. */
  readonly path: string;
}

/** Jobs of the processes that hold models. */
export type InferenceJob =
  | { readonly kind: 'check'; readonly folder: string }
  | {
      readonly kind: 'forecast';
      readonly domain: string;
      readonly model: ModelInfo;
      readonly folder: string;
      /** Folder with climatology and active cells of the domain, for models of other grids; null without. */
      readonly reference: string | null;
      readonly days: readonly DayFile[];
      readonly issue: number;
      /** Zarr folder to write. */
      readonly output: string;
    }
  | {
      readonly kind: 'classify';
      readonly folder: string;
      readonly input: string;
      /** Name that the client gave the file, for messages. */
      readonly name: string;
      readonly output: string;
      readonly format: MapAnswer;
      readonly step: number | null;
      readonly maxPixels: number;
    }
  | {
      readonly kind: 'changes';
      readonly folder: string;
      readonly before: string;
      readonly after: string;
      readonly names: readonly [string, string];
      readonly output: string;
      readonly format: MapAnswer;
      readonly maxPixels: number;
    };

export type MapAnswer = 'json' | 'geojson' | 'netcdf' | 'cog';

/** What becomes of an upload. */
export interface MapResult {
  readonly path: string;
  readonly contentType: string;
}

export type AnswerFormat = MapAnswer | 'safetensors';

/** Jobs of the processes that write answers. */
export type ProductJob =
  | {
      readonly kind: 'forecast';
      readonly folder: string;
      /** Observation of the issue day: ocean and area. */
      readonly observation: string;
      readonly box: LonLatBox;
      readonly format: AnswerFormat;
      readonly attribution: readonly string[];
      readonly output: string;
    }
  | {
      readonly kind: 'observation';
      /** Newest first: the day itself, and days before it that gaps are filled from. */
      readonly days: readonly DayFile[];
      readonly box: LonLatBox;
      readonly format: AnswerFormat;
      readonly attribution: readonly string[];
      readonly output: string;
    }
  | {
      readonly kind: 'inputs';
      readonly days: readonly DayFile[];
      readonly folder: string;
      readonly reference: string | null;
      readonly issue: number;
      readonly inputSteps: number;
      readonly outputSteps: number;
      readonly output: string;
    }
  | {
      readonly kind: 'score';
      readonly folder: string;
      readonly observation: string;
      readonly lead: number;
    };

/** An answer in a file. */
export interface ProductResult {
  readonly path: string;
  /** The same, gzipped; null where that gives little. */
  readonly gzipped: string | null;
  readonly contentType: string;
  readonly bytes: number;
}
