import type { Row } from './rows.js';

/**
 * How the command and the processes it measures talk: one line of JSON each way. Requests go to the
 * process's input; replies come from its output behind a mark, since libraries print there too.
 */
const MARK = '@bench ';

/** What a process that runs a row is told when it starts, as its one argument. */
export interface Job {
  readonly row: Row;
  /** Holds `model.safetensors` and `batch.safetensors`. */
  readonly folder: string;
  /** Which setting of which library; `arctic` is ours. */
  readonly contestant: string;
  readonly threads: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** What a process is asked for: a step; `collect` has ours collect its garbage first. */
export type Request = 'step' | 'collect';

/** Said once, when weights and batch are loaded. */
export interface Ready {
  readonly kind: 'ready';
  readonly versions: Readonly<Record<string, string>>;
  /** Trainable values. */
  readonly parameters: number;
}

/** The answer to `step`. */
export interface Stepped {
  readonly kind: 'step';
  readonly ms: number;
  /** The loss, or the first number of the answer. */
  readonly value: number;
  /** Most memory that the process ever had, in MB. */
  readonly peakMb: number;
  /** Memory that it has now, in MB; ours alone tells it. */
  readonly residentMb?: number;
  /** Tensors that are alive; ours alone tells it. */
  readonly tensors?: number;
}

/** Said before the process gives up. */
export interface Failed {
  readonly kind: 'error';
  readonly message: string;
}

export type Reply = Ready | Stepped | Failed;

/** A reply as a line of output. */
export function encodeReply(reply: Reply): string {
  return `${MARK}${JSON.stringify(reply)}\n`;
}

/** The reply in a line of output, or null where the line is something else. */
export function decodeReply(line: string): Reply | null {
  if (!line.startsWith(MARK)) return null;
  let value: unknown;
  try {
    value = JSON.parse(line.slice(MARK.length));
  } catch {
    return null;
  }
  return isReply(value) ? value : null;
}

function isReply(value: unknown): value is Reply {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const reply = value as Record<string, unknown>;
  switch (reply['kind']) {
    case 'ready':
      return typeof reply['versions'] === 'object' && typeof reply['parameters'] === 'number';
    case 'step':
      return ['ms', 'value', 'peakMb'].every((field) => typeof reply[field] === 'number');
    case 'error':
      return typeof reply['message'] === 'string';
    default:
      return false;
  }
}
