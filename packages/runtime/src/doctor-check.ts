import { firstLine, isRuntimeError } from './errors.js';

/** One thing that was looked at. A `note` is nothing to mend: the native backend works without it. */
export interface DoctorCheck {
  readonly name: string;
  readonly status: 'ok' | 'note' | 'fault';
  readonly detail: string;
  /** The command that mends it. */
  readonly remedy?: string;
}

/** A check that found what it looked for. */
export function ok(name: string, detail: string): DoctorCheck {
  return { name, status: 'ok', detail };
}

/** A check that found something worth knowing. */
export function note(name: string, detail: string, remedy?: string): DoctorCheck {
  return { name, status: 'note', detail, ...(remedy && { remedy }) };
}

/** A check that found a fault; an error that knows its own remedy goes before `remedy`. */
export function fault(
  name: string,
  error: unknown,
  remedy = 'npx arctic-runtime install',
): DoctorCheck {
  const known = isRuntimeError(error) ? error.remedy : undefined;
  return { name, status: 'fault', detail: firstLine(error), remedy: known ?? remedy };
}
