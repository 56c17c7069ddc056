import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import process from 'node:process';

/** What the numbers were taken on. */
export function describeMachine(): Record<string, string | number> {
  const flags = cpuFlags();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    vector: ['amx_bf16', 'avx512f', 'avx2'].find((flag) => flags.includes(flag)) ?? 'unknown',
    system: `${type()} ${release()} ${process.arch}`,
  };
}

/** What Linux says the processor can; nothing elsewhere. */
function cpuFlags(): readonly string[] {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  } catch {
    return [];
  }
}
