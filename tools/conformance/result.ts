import process from 'node:process';

/** What one run of the suite found; plain JSON. */
export interface ConformanceResult {
  readonly versions: {
    readonly node: string;
    readonly tfjs: string;
    readonly tensorflow: string;
  };
  readonly device: string;
  readonly passed: number;
  readonly failed: number;
  /** Specs that did not run, by cause; with `passed`, `failed` and `ignored` they make the whole suite. */
  readonly notRun: {
    /** On tfjs-node's own list of specs to leave out. */
    readonly ownList: number;
    /** Switched off by the suite's authors in the source. */
    readonly switchedOff: number;
    /** They read files that the npm package does not carry. */
    readonly needObjects: number;
    readonly filter: number;
  };
  readonly unexplained: readonly { readonly spec: string; readonly messages: readonly string[] }[];
  readonly explained: readonly { readonly spec: string; readonly why: string }[];
  readonly mended: readonly string[];
  readonly unknown: readonly string[];
  /** How the specs on tfjs-node's own list end, where they were asked for. */
  readonly ignored: readonly {
    readonly spec: string;
    readonly status: string;
    readonly messages: readonly string[];
  }[];
  readonly cost: Cost;
}

interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** What this process has taken since it began. */
export function measure(): Cost {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    wallSeconds: Math.round(process.uptime() * 10) / 10,
    cpuSeconds: Math.round((userCPUTime + systemCPUTime) / 1e5) / 10, // from µs
    peakMb: Math.round(maxRSS / 1024), // from KiB
  };
}

/** The result as text for a reader: figures first, then what needs a look. */
export function formatResult(result: ConformanceResult): string {
  const { versions, notRun, cost } = result;
  const lines = [
    `tfjs ${versions.tfjs} on TensorFlow ${versions.tensorflow}, Node ${versions.node}, ${result.device}`,
    `specs run: ${result.passed + result.failed}, passed: ${result.passed}, failed: ${result.failed}`,
    `not run: ${notRun.ownList} on tfjs-node's own list, ${notRun.switchedOff} switched off in the source, ` +
      `${notRun.needObjects} without their files, ${notRun.filter} by --filter`,
    `${cost.wallSeconds} s, ${cost.cpuSeconds} s of CPU, peak ${cost.peakMb} MB`,
  ];
  for (const { spec, why } of result.explained) lines.push(`explained: ${spec}`, `  ${why}`);
  for (const { spec, messages } of result.unexplained) {
    lines.push(`UNEXPLAINED: ${spec}`, ...messages.map((message) => `  ${head(message)}`));
  }
  for (const spec of result.mended) lines.push(`PASSES NOW, take it off expected.json: ${spec}`);
  for (const spec of result.unknown) {
    lines.push(`NOT IN THE SUITE, take it off expected.json: ${spec}`);
  }
  if (result.ignored.length > 0) lines.push(...formatIgnored(result.ignored));
  return lines.join('\n');
}

/** One line per operation whose specs fail, with the first message. */
function formatIgnored(ignored: ConformanceResult['ignored']): string[] {
  const failed = ignored.filter(({ status }) => status === 'failed');
  const groups = new Map<string, string[]>();
  for (const { spec, messages } of failed) {
    const operation = spec.split(/ +test-tensorflow/)[0] ?? spec;
    groups.set(operation, [...(groups.get(operation) ?? []), messages[0] ?? '']);
  }
  return [
    `on tfjs-node's own list: ${ignored.length - failed.length} pass, ${failed.length} fail:`,
    ...[...groups].map(([operation, messages]) => {
      return `  ${operation} (${messages.length}): ${head(messages[0] ?? '')}`;
    }),
  ];
}

/** The beginning of a message, which may hold two whole arrays. */
function head(message: string): string {
  return message.split('\n').slice(0, 2).join(' ').slice(0, 160);
}
