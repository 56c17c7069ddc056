import { downloadSource, listSource, sourceEntry, type SourceQuery } from '@arctic/data-real';

/** What to download, and where to. */
export interface DownloadOptions extends Omit<SourceQuery, 'source'> {
  readonly source: string;
  readonly out: string;
  /** Only print what there is. */
  readonly list?: boolean;
}

/** Downloads files of a source into a folder; Ctrl-C leaves parts that the next call goes on with. */
export async function download({ out, list, ...options }: DownloadOptions): Promise<void> {
  const entry = sourceEntry(options.source);
  const query: SourceQuery = { ...options, source: entry.name };
  if (list) {
    for (const { name, url } of await listSource(query)) process.stdout.write(`${name}  ${url}\n`);
    return;
  }
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort(new Error('stopped by the user'));
  };
  process.once('SIGINT', onSignal);
  try {
    const show = shown();
    const files = await downloadSource({
      ...query,
      output: out,
      signal: stop.signal,
      onProgress: show,
    });
    const fresh = files.filter(({ status }) => status !== 'kept').length;
    process.stdout.write(
      `${files.length} files of ${entry.name} in ${out}, ${fresh} of them new\n${entry.licence}\nCite: ${entry.citation}\n`,
    );
  } finally {
    process.off('SIGINT', onSignal);
  }
}

/** A line of progress, rewritten in place in a terminal; silent elsewhere. */
function shown() {
  const start = performance.now();
  return ({
    file,
    filesDone,
    filesTotal,
    bytesDone,
    bytesTotal,
  }: {
    readonly file: string;
    readonly filesDone: number;
    readonly filesTotal: number;
    readonly bytesDone: number;
    readonly bytesTotal: number | null;
  }): void => {
    if (!process.stderr.isTTY) return;
    const seconds = (performance.now() - start) / 1000;
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    const left =
      bytesTotal === null || bytesDone === 0
        ? ''
        : `, ${((seconds / bytesDone) * (bytesTotal - bytesDone)).toFixed(0)} s left`;
    process.stderr.write(
      `\r\u001b[K${filesDone}/${filesTotal} files, ${megabytes(bytesDone)} MB${left}: ${file}${filesDone === filesTotal ? '\n' : ''}`,
    );
  };
}
