/** One line of progress with the time left: rewritten in place in a terminal, silent elsewhere until it is done. */
export function progressLine(title: string, total: number): (done: number) => void {
  const start = performance.now();
  const terminal = process.stderr.isTTY;
  return (done) => {
    const seconds = (performance.now() - start) / 1000;
    const finished = done >= total;
    if (!terminal && !finished) return;
    const left = finished
      ? `${seconds.toFixed(0)} s`
      : `${((seconds / Math.max(done, 1)) * (total - done)).toFixed(0)} s left`;
    process.stderr.write(
      `${terminal ? '\r\u001b[K' : ''}${title}: ${done}/${total}, ${left}${finished || !terminal ? '\n' : ''}`,
    );
  };
}
