import type { TimeSpent } from './events.js';

const NAMES: Readonly<Record<keyof TimeSpent, string>> = {
  data: 'waiting for batches',
  step: 'training steps',
  validation: 'validation',
  checkpoint: 'checkpoints',
  callbacks: 'logs and pictures',
};

/**
 * Where the time of a run went, as lines of text: seconds and share.
 *
 * @param seconds Of the whole run; what is left over is shown as other.
 */
export function profileTable(time: TimeSpent, seconds: number): string {
  const keys = Object.keys(NAMES) as (keyof TimeSpent)[]; // exactly these
  const rows = keys.map((key) => [NAMES[key], time[key]] as const);
  const other = Math.max(0, seconds - rows.reduce((sum, [, spent]) => sum + spent, 0));
  return [...rows, ['other', other] as const]
    .map(([name, spent]) => {
      const share = seconds > 0 ? (100 * spent) / seconds : 0;
      return `${name.padEnd(20)} ${spent.toFixed(1).padStart(9)} s ${share.toFixed(1).padStart(5)} %`;
    })
    .join('\n');
}
