import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Most memory that this process ever had, in MB. */
export function peakMb(): number {
  // What the kernel keeps for getrusage outlives exec: a small process would show its parent's peak.
  const kilobytes = kernelField('/proc/self/status', 'VmHWM');
  return (kilobytes ?? process.resourceUsage().maxRSS) / 1024;
}

/** Memory that programs can still get, in MB; infinity where the system does not tell. */
export function availableMb(): number {
  const kilobytes = kernelField('/proc/meminfo', 'MemAvailable');
  return kilobytes === undefined ? Infinity : kilobytes / 1024;
}

/** A number of kilobytes from one of Linux's own files. */
function kernelField(file: string, field: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // not Linux
  }
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
