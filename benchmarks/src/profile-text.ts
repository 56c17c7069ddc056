import type { OpTime, Profile } from './profile.js';

/** Widest bar, in characters. */
const BAR = 32;
/** Lines of the list by shapes. */
const SHAPES = 30;

/** The profile as lines of text with bars, longest first. */
export function formatProfile(title: string, profile: Profile): string {
  const { wallMs, ops, shapes, restMs, userMs, systemMs, pageFaults, steps } = profile;
  const count = ops.reduce((sum, op) => sum + op.count, 0);
  const entries = [...ops, { name: 'JavaScript and the rest', ms: restMs, count: 0 }];
  entries.sort((a, b) => b.ms - a.ms);
  return [
    `${title}: ${wallMs.toFixed(1)} ms a step (mean of ${steps}), ${Math.round(count)} ops`,
    `user ${userMs.toFixed(0)} ms, system ${systemMs.toFixed(0)} ms, ${Math.round(pageFaults)} page faults a step`,
    '',
    'By op',
    ...bars(entries, wallMs),
    '',
    'By op and shapes of its inputs',
    ...bars(shapes.slice(0, SHAPES), wallMs),
    '',
  ].join('\n');
}

function bars(entries: readonly OpTime[], wallMs: number): string[] {
  const longest = Math.max(...entries.map(({ ms }) => ms));
  return entries.map(({ name, ms, count }) => {
    const bar = '█'.repeat(Math.max(0, Math.round((ms / longest) * BAR))).padEnd(BAR);
    const share = `${((100 * ms) / wallMs).toFixed(1)} %`.padStart(7);
    const times = (count > 0 ? `×${Number(count.toFixed(1))}` : '').padStart(6);
    return `${share} ${ms.toFixed(1).padStart(8)} ms ${times}  ${bar} ${name}`;
  });
}
