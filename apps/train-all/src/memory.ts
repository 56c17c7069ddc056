const MB = 1024 * 1024;

/** Samples the resident memory of this process until stopped; `stop` returns the peak in MB. */
export function watchMemory(): { stop(): number } {
  let peak = process.memoryUsage.rss();
  const sample = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(sample, 250);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      sample();
      return peak / MB;
    },
  };
}
