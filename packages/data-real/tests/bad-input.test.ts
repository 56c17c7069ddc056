import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { importSource, openRgbScene, openSource, sourceEntry } from '../src/index.js';
import { failure, nsidcBytes, temporaryFolder, writeFiles, type MadeFile } from './helpers.js';

const folder = temporaryFolder();
const name = 'nt_20160301_f18_nrt_n.bin';

function open(input: string) {
  return () => openSource({ source: 'nsidc-0081', input });
}

function one(title: string, file: Partial<MadeFile>): string {
  const path = join(folder, title);
  writeFiles(path, [{ name, ...file }]);
  return join(path, file.name ?? name);
}

describe('damaged files are named, with what was expected and received', () => {
  it('truncated', async () => {
    const path = join(folder, name);
    writeFileSync(path, nsidcBytes({ name }).subarray(0, 5000));
    expect(await failure(open(path), 'DamagedFile')).toMatch(
      /nt_20160301_f18_nrt_n\.bin: expected 136492 bytes .* Received: 5000 bytes\. .*truncated/,
    );
    writeFileSync(path, '');
    expect(await failure(open(path), 'DamagedFile')).toContain('Received: 0 bytes');
  });
  it('too long, or of the other hemisphere', async () => {
    const path = join(folder, 'long', name);
    mkdirSync(join(folder, 'long'));
    writeFileSync(path, Buffer.concat([nsidcBytes({ name }), Buffer.alloc(1)]));
    expect(await failure(open(path), 'DamagedFile')).toContain('Received: 136493 bytes');
    expect(await failure(open(one('pole', { hemisphere: 'south' })), 'DamagedFile')).toMatch(
      /Received: 105212 bytes\. That is the size of the south/,
    );
  });
  it('a header that contradicts the name', async () => {
    expect(await failure(open(one('columns', { header: { 6: '  316' } })), 'DamagedFile')).toMatch(
      /expected 304 as columns in the header\. Received: 316/,
    );
    expect(await failure(open(one('rows', { header: { 12: '?????' } })), 'DamagedFile')).toContain(
      'no number',
    );
    expect(await failure(open(one('year', { header: { 102: ' 2015' } })), 'DamagedFile')).toContain(
      '2016 as the year',
    );
    expect(await failure(open(one('day', { header: { 108: '  062' } })), 'DamagedFile')).toContain(
      '61 as the day',
    );
    const monthly = one('month', {
      name: 'nt_201601_f17_v1.1_n.bin',
      header: { 150: '   02/2016'.padEnd(80) },
    });
    const message = await failure(
      () => openSource({ source: 'nsidc-0051', input: monthly }),
      'DamagedFile',
    );
    expect(message).toContain('1 as the month');
  });
  it('a header with blank dates, or two digits of year, is no contradiction', async () => {
    await open(one('blank', { header: { 102: '     ', 108: '     ' } }))();
    await open(one('short', { header: { 102: '   16' } }))();
  });
  it('another scale is another product', async () => {
    expect(
      await failure(open(one('scale', { header: { 120: '01000' } })), 'UnsupportedFormat'),
    ).toContain('01000');
  });
  it('a name with an impossible date', async () => {
    const path = one('date', { name: 'nt_20160231_f17_nrt_n.bin' });
    expect(await failure(open(path), 'DamagedFile')).toContain('20160231');
  });
  it('truncated archives, gzipped or not, and no archive', async () => {
    const tar = pack();
    tar.entry({ name }, nsidcBytes({ name }));
    tar.finalize();
    const whole = await buffer(tar);
    const zipped = gzipSync(whole);
    const contents = {
      'cut.tar.gz': zipped.subarray(0, zipped.length - 60),
      'cut.tar': whole.subarray(0, 70_000),
      'text.tar.gz': Buffer.from('<html>Please log in</html>'.repeat(40)),
    };
    for (const [file, content] of Object.entries(contents)) {
      const path = join(folder, file);
      writeFileSync(path, content);
      expect(await failure(open(path), 'DamagedFile'), file).toContain(file);
    }
  });
  it('a damaged entry is named inside its archive, and no store is written', async () => {
    const tar = pack();
    tar.entry({ name: `./${name}` }, nsidcBytes({ name }).subarray(0, 400));
    tar.finalize();
    const input = join(folder, 'entry.tar.gz');
    writeFileSync(input, gzipSync(await buffer(tar)));
    const output = join(folder, 'never.zarr');
    const message = await failure(
      () => importSource({ source: 'nsidc-0081', input, output }),
      'DamagedFile',
    );
    expect(message).toContain(`entry.tar.gz:./${name}: expected 136492 bytes`);
    expect(readdirSync(folder)).not.toContain('never.zarr');
  });
});

describe('inputs without an answer', () => {
  it('nothing there, nothing in it, another product', async () => {
    expect(await failure(open(join(folder, 'none')), 'MissingInput')).toContain('none');
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    writeFileSync(join(empty, 'notes.txt'), '');
    expect(await failure(open(empty), 'NoData')).toContain('no file with such a name');
    const other = writeFiles(join(folder, 'other'), [{ name: 'nt_20160301_f17_v1.1_n.bin' }]);
    expect(await failure(open(other), 'NoData')).toContain('1 of nsidc-0051');
  });
  it('two kinds or hemispheres: says which option decides', async () => {
    const input = writeFiles(join(folder, 'mixed'), [
      { name: 'nt_20160301_f17_v1.1_n.bin' },
      { name: 'nt_201603_f17_v1.1_n.bin' },
      { name: 'nt_201603_f17_v1.1_s.bin', hemisphere: 'south' },
    ]);
    const source = 'nsidc-0051';
    expect(await failure(() => openSource({ source, input }), 'InvalidOption')).toContain(
      'option kind',
    );
    const months = { source, input, kind: 'monthly' } as const;
    expect(await failure(() => openSource(months), 'InvalidOption')).toContain('option hemisphere');
    const south = await openSource({ ...months, hemisphere: 'south' });
    expect(south.grid.name).toBe('pss25');
  });
  it('a kind or source that does not exist', async () => {
    const monthly = () => openSource({ source: 'nsidc-0081', input: folder, kind: 'monthly' });
    expect(await failure(monthly, 'InvalidOption')).toContain('daily');
    expect(await failure(() => sourceEntry('nsidc-9999'), 'InvalidOption')).toContain(
      'nsidc-0081, nsidc-0051',
    );
  });
  it('a scene that is no colour image', async () => {
    await expect(openRgbScene(join(folder, 'none.tif'))).rejects.toMatchObject({
      _tag: 'MissingFile',
    });
  });
});
