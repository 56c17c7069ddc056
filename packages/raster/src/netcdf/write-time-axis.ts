import { dayNumber } from '../dates.js';
import { RasterError } from '../errors.js';
import { vector, type CfVariable } from './write-cf-variable.js';

const SECONDS_PER_DAY = 86_400;

const TIME = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?Z?)?$/;

/**
 * The coordinate variable of the steps: in days where all are midnights, in seconds elsewhere.
 *
 * @throws RasterError `InvalidValue` unless the times are ISO 8601 and increase
 */
export function timeAxis(path: string, times: readonly string[]): CfVariable {
  const seconds = Float64Array.from(times, (time) => secondsOf(path, time));
  if (seconds.length === 0 || seconds.some((at, i) => i > 0 && at <= (seconds[i - 1] ?? at))) {
    throw new RasterError(
      'InvalidValue',
      `${path}: expected at least one time, each after the one before. Received: ${times.slice(0, 5).join(', ') || 'none'}. Sort the steps, and leave out what is there twice.`,
    );
  }
  const days = seconds.every((at) => at % SECONDS_PER_DAY === 0);
  return vector('time', days ? seconds.map((at) => at / SECONDS_PER_DAY) : seconds, {
    standard_name: 'time',
    long_name: 'time',
    units: `${days ? 'days' : 'seconds'} since 1970-01-01 00:00:00`,
    calendar: 'standard',
    axis: 'T',
  });
}

function secondsOf(path: string, time: string): number {
  const [, date = '', hours = '0', minutes = '0', seconds = '0'] = TIME.exec(time) ?? [];
  if (date === '' || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60) {
    throw new RasterError(
      'InvalidValue',
      `${path}: expected times in UTC as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ. Received: ${JSON.stringify(time)}. Write it like 2016-09-30T12:00:00Z.`,
    );
  }
  return (
    dayNumber(date) * SECONDS_PER_DAY +
    Number(hours) * 3600 +
    Number(minutes) * 60 +
    Number(seconds)
  );
}
