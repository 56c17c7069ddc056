// The server as its users meet it: trained on the smoke profile, served, asked with curl, its answers opened by xarray and
// rasterio, its OpenAPI document tried by schemathesis, real days ingested and verified, a full disk and a gigabyte
// uploaded. Needs Linux, Python 3.10 or newer with venv, and for the full disk the right to mount.
//
//   node --import tsx --conditions=@arctic/source tools/check-serve.mjs [--work DIR] [--data DIR]
//
// --work DIR   a folder with data/ and models/ of a run; made anew where absent
// --data DIR   folder with nsidc-0081-daily/ and nsidc-0051-monthly/; real days are left out where absent
import { Buffer } from 'node:buffer';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { polarStereographicGrid } from '@arctic/data-real';
import { createLeadScores } from '@arctic/metrics';
import { openRaster } from '@arctic/raster';
import { ingestArgs, makeWork, startServer, untilForecasts } from './serve-process.mjs';

const REQUIREMENTS = [
  'xarray==2025.6.1',
  'h5netcdf==1.6.1',
  'rasterio==1.4.3',
  'pyproj==3.7.1',
  'schemathesis==4.6.0',
  'hypothesis==6.136.0', // newer ones lack what schemathesis calls
  'openapi-spec-validator==0.7.2',
];
const BOX = 'min_lon=-180&min_lat=60&max_lon=-120&max_lat=85';
const ALL = 'min_lon=-180&min_lat=-90&max_lon=180&max_lat=90';

const { fetch } = globalThis;
const { values } = parseArgs({
  options: { work: { type: 'string' }, data: { type: 'string' }, python: { type: 'string' } },
});
const temporary = mkdtempSync(join(tmpdir(), 'arctic-check-serve-'));
const work = values.work ?? join(temporary, 'work');
let failures = 0;

function check(what, holds, detail = '') {
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${what}${detail === '' ? '' : `: ${detail}`}\n`);
  if (!holds) failures += 1;
}

/** Not spawnSync: this process has to notice meanwhile that a connection is closed. */
async function ingest(archive, ...args) {
  const child = spawn(process.execPath, ingestArgs(work, archive, ...args));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
  const status = await new Promise((resolve) => child.once('close', resolve));
  return { status, ...said };
}

function python() {
  if (values.python) return values.python;
  const venv = join(temporary, 'venv');
  execFileSync('python3', ['-m', 'venv', venv]);
  execFileSync(join(venv, 'bin', 'pip'), ['install', '--quiet', ...REQUIREMENTS]);
  return join(venv, 'bin', 'python');
}

const curl = (...args) => execFileSync('curl', ['-sS', ...args], { maxBuffer: 1 << 30 });

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** The two lines of the mission, and every format opened by others. */
async function checkAnswers(py) {
  const server = await startServer(work, ['--archive', join(temporary, 'served')]);
  try {
    for (const path of [`/api/v1/predictions/7day?${BOX}`, `/api/v1/ice/current?${BOX}`]) {
      const out = curl('-w', '\n%{http_code} %{time_total}', `${server.base}${path}`).toString();
      const [status, seconds] = out.slice(out.lastIndexOf('\n') + 1).split(' ');
      const body = JSON.parse(out.slice(0, out.lastIndexOf('\n')));
      check(`curl ${path}`, status === '200' && body.synthetic, `${status} in ${seconds} s`);
    }
    for (const [path, name] of [
      ['predictions/7day', 'forecast'],
      ['ice/current', 'ice'],
    ])
      for (const [format, ending] of [
        ['json', 'json'],
        ['geojson', 'geojson'],
        ['netcdf', 'nc'],
        ['cog', 'tif'],
      ])
        curl(
          '-f',
          '-o',
          join(temporary, `${name}.${ending}`),
          `${server.base}/api/v1/${path}?${BOX}&format=${format}`,
        );
    const said = spawnSync(py, ['-c', READERS, temporary], { encoding: 'utf8' });
    check(
      'xarray and rasterio read the same field and place',
      said.status === 0,
      (said.stdout + said.stderr).trim().split('\n').at(-1),
    );
    await untilForecasts(server.base);
    const document = join(temporary, 'openapi.json');
    curl('-f', '-o', document, `${server.base}/openapi.json`);
    const valid = spawnSync(py, ['-m', 'openapi_spec_validator', document], { encoding: 'utf8' });
    check(
      'openapi-spec-validator',
      valid.status === 0,
      (valid.stdout + valid.stderr).trim().split('\n').at(-1),
    );
    const tried = spawnSync(
      join(py, '..', 'schemathesis'),
      [
        'run',
        `${server.base}/openapi.json`,
        '--max-examples=15',
        '--seed=1',
        '--workers=1',
        '--phases=coverage,fuzzing',
        '--exclude-path-regex=^/docs',
        '--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance',
      ],
      { cwd: temporary, encoding: 'utf8', timeout: 600_000 },
    );
    const lines = tried.stdout.trim().split('\n');
    check(
      'schemathesis finds no answer against the document',
      tried.status === 0,
      lines
        .filter((line) => /generated|passed|failed/.test(line))
        .slice(-2)
        .join('; '),
    );
    if (tried.status !== 0) process.stdout.write(`${lines.slice(-80).join('\n')}\n`);
    await checkGigabyte(server);
    check('SIGTERM ends it in good order', (await server.stop()) === 0);
  } finally {
    server.child.kill('SIGKILL');
  }
}

const READERS = `
import json, sys, numpy as np, xarray as xr, rasterio, pyproj
folder = sys.argv[1]
for name, lead in (("forecast", 7), ("ice", 1)):
    said = json.load(open(f"{folder}/{name}.json"))
    values = np.array(said["concentration"], dtype=float).reshape(lead, said["grid"]["height"], said["grid"]["width"])
    with xr.open_dataset(f"{folder}/{name}.nc", engine="h5netcdf", decode_coords="all") as nc:
        np.testing.assert_allclose(nc["sic"].values, values, atol=6e-5, equal_nan=True)
        dates = [str(t)[:10] for t in nc["time"].values]
        assert dates == said.get("times", [said.get("observed")]), dates
        x, y = np.meshgrid(nc["x"].values, nc["y"].values)
        back = pyproj.Transformer.from_crs(said["grid"]["crs"], "EPSG:4326", always_xy=True)
        lon, lat = back.transform(x, y)
        np.testing.assert_allclose(np.array(said["coordinates"]["lat"]), lat, atol=2e-3)
        turn = (np.array(said["coordinates"]["lon"]) - lon + 180) % 360 - 180
        np.testing.assert_allclose(turn, 0, atol=2e-2)
        assert nc["sic"].attrs["standard_name"] == "sea_ice_area_fraction"
    with rasterio.open(f"{folder}/{name}.tif") as tif:
        np.testing.assert_allclose(tif.read(list(range(1, lead + 1))), values, atol=6e-5, equal_nan=True)
        assert list(tif.transform.to_gdal()) == said["grid"]["transform"], tif.transform
        assert tif.crs.to_epsg() == int(said["grid"]["crs"].split(":")[1]), tif.crs
        assert tif.tags(1, ns="IMAGE_STRUCTURE") is not None
    features = json.load(open(f"{folder}/{name}.geojson"))["features"]
    cells = [f for f in features if f["properties"]["kind"] == "cell"]
    edges = [f for f in features if f["properties"]["kind"] == "ice_edge"]
    assert len(edges) == lead and len(cells) > 100
print("xarray", xr.__version__, "rasterio", rasterio.__version__)
`;

/** A gigabyte is refused without being kept, and without memory. */
async function checkGigabyte({ base, child }) {
  const memory = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  const before = memory();
  let most = before;
  const status = await new Promise((resolve) => {
    const call = request(`${base}/api/v1/classify`, {
      method: 'POST',
      headers: {
        'content-type': 'multipart/form-data; boundary=x',
        'transfer-encoding': 'chunked',
      },
    });
    let sent = 0;
    let timer;
    const done = (value) => {
      clearInterval(timer);
      call.destroy();
      resolve(value);
    };
    call.once('response', ({ statusCode }) => done(statusCode));
    call.once('error', (error) => done(error.code));
    call.write('--x\r\nContent-Disposition: form-data; name="image"; filename="a.tif"\r\n\r\n');
    const chunk = Buffer.alloc(1 << 20);
    timer = setInterval(() => (most = Math.max(most, memory())), 20);
    const more = () => {
      while (sent < 1024 && !call.destroyed) {
        sent += 1;
        if (!call.write(chunk)) return void call.once('drain', more);
      }
      call.end('\r\n--x--\r\n');
    };
    more();
  });
  check(
    'a gigabyte is refused',
    status === 413,
    `${status}, memory ${before.toFixed(0)} to ${most.toFixed(0)} MiB`,
  );
  check('still serving', (await fetch(`${base}/health`)).status === 200);
}

/** Days of NSIDC-0081, their forecast, and its verification. */
async function checkRealDays() {
  if (!values.data || !existsSync(values.data)) {
    process.stdout.write('left out: real days (--data DIR)\n');
    return;
  }
  const archive = join(temporary, 'real');
  const only = (folder) => {
    const [file] = readdirSync(join(values.data, folder)).filter((name) =>
      name.endsWith('.tar.gz'),
    );
    return join(values.data, folder, file);
  };
  const days = ['--source', 'nsidc-0081', '--input', only('nsidc-0081-daily')];
  const first = await ingest(
    archive,
    ...days,
    '--from',
    '2017-06-18',
    '--to',
    '2017-07-24',
    '--climatology',
    only('nsidc-0051-monthly'),
  );
  check(
    '37 real days ingested, forecast made',
    first.status === 0 && /forecast issued 2017-07-24/.test(first.stdout),
    first.stdout.trim().split('\n').at(-1) + first.stderr,
  );
  const server = await startServer(work, ['--archive', archive]);
  try {
    const forecast = await json(`${server.base}/api/v1/predictions/7day?${BOX}`);
    check(
      'the forecast is served',
      forecast.issued === '2017-07-24' && !forecast.synthetic,
      `issued ${forecast.issued}, ${forecast.grid.width} × ${forecast.grid.height} cells`,
    );
    const next = await ingest(archive, ...days, '--from', '2017-07-25', '--to', '2017-07-31');
    check(
      'seven more days while it is served',
      next.status === 0,
      next.stdout.trim().split('\n').at(-1) + next.stderr,
    );
    const verification = await json(`${server.base}/api/v1/verification`);
    const scored = verification.forecasts.find(({ issued }) => issued === '2017-07-24');
    const sic = await bandsOf(
      `${server.base}/api/v1/predictions/7day?${ALL}&date=2017-07-24&format=netcdf`,
      'sic',
    );
    const { area } = polarStereographicGrid('north');
    const plane = area.length;
    const mask = Uint8Array.from(sic.subarray(0, plane), (v) => (Number.isNaN(v) ? 0 : 1));
    let worst = 0;
    for (let lead = 1; lead <= 7; lead++) {
      const url = `${server.base}/api/v1/observations?${ALL}&date=2017-07-${24 + lead}&format=netcdf`;
      const status = await bandsOf(url, 'status');
      const observed = (await bandsOf(url, 'sic')).map((v, i) => (status[i] === 0 ? v : NaN));
      const scores = createLeadScores({ leads: 7, mask, area: Float32Array.from(area) });
      scores.add(lead, sic.subarray((lead - 1) * plane, lead * plane), observed);
      const own = scores.result()[lead - 1];
      const said = scored.leads[lead - 1].model;
      for (const name of ['rmse', 'mae', 'bias', 'iiee', 'binaryAccuracy'])
        worst = Math.max(worst, Math.abs(own[name] - said[name]) / Math.abs(own[name]));
    }
    const rmse = scored.leads.map(
      ({ model, dampedAnomalyPersistence: damped, persistence }) =>
        `${model.rmse.toFixed(4)} (${damped.rmse.toFixed(4)}, ${persistence.rmse.toFixed(4)})`,
    );
    check(
      'verification equals @arctic/metrics on the same fields',
      worst < 1e-9,
      `greatest relative difference ${worst.toExponential(1)}; RMSE, damped, persistence: ${rmse.join(' ')}`,
    );
  } finally {
    await server.stop();
  }
}

async function bandsOf(url, name) {
  const path = join(temporary, 'answer.nc');
  curl('-f', '-o', path, url);
  const file = await openRaster(path);
  const variable = file.variables.find((one) => one.name === name);
  const { data } = await variable.read();
  await file.close();
  return Float32Array.from(data);
}

/** Killed in the middle of an ingest, again and again: what was said to be there is there. */
async function checkKilled() {
  const archive = join(temporary, 'killed');
  const said = new Set();
  for (let round = 0; round < 4; round++) {
    const child = spawn(
      process.execPath,
      ingestArgs(
        work,
        archive,
        ...['--input', join(work, 'data', 'sea_ice_concentration.zarr')],
        ...['--from', `201${round}-03-01`, '--forecast', 'none'],
      ),
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more) => {
      text += more;
      if (text.split('\n').length > 20 + 7 * round) child.kill('SIGKILL');
    });
    await new Promise((resolve) => child.once('close', resolve));
    for (const [, date] of text.matchAll(/^observed (\S+)\n/gm)) said.add(date);
  }
  const server = await startServer(work, ['--archive', archive]);
  const { domains } = await json(`${server.base}/api/v1/domains`);
  const there = new Set(domains[0].observed);
  const lost = [...said].filter((date) => !there.has(date));
  check(
    'four ingests killed with SIGKILL lose no day they had told of',
    lost.length === 0,
    `${said.size} told, ${there.size} there, ${lost.length} lost`,
  );
  await server.stop();
}

/** A disk that fills up while it serves. */
async function checkFullDisk() {
  const disk = join(temporary, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    process.stdout.write('left out: full disk (no right to mount)\n');
    return;
  }
  let server;
  try {
    server = await startServer(work, ['--archive', join(disk, 'served')]);
    await untilForecasts(server.base);
    const used = Number(
      execFileSync('df', ['--output=avail', '-B1', disk], { encoding: 'utf8' }).split('\n')[1],
    );
    spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, `bs=${used}`, 'count=1'], {
      stdio: 'ignore',
    });
    const full = await fetch(
      `${server.base}/api/v1/predictions/7day?min_lon=-170&min_lat=61&max_lon=-120&max_lat=85`,
    );
    const problem = await full.json();
    check(
      'full disk: 503 with Retry-After',
      full.status === 503 && full.headers.has('retry-after'),
      `${full.status} ${problem.type}`,
    );
    check(
      'health and what is known are served on',
      (await fetch(`${server.base}/health`)).status === 200 &&
        (await fetch(`${server.base}/api/v1/domains`)).status === 200,
    );
    rmSync(join(disk, 'filler'));
    const again = await fetch(
      `${server.base}/api/v1/predictions/7day?min_lon=-170&min_lat=61&max_lon=-120&max_lat=85`,
    );
    check('with room it answers again', again.status === 200, String(again.status));
    await server.stop();
  } finally {
    server?.child.kill('SIGKILL');
    execFileSync('umount', ['--lazy', disk]);
  }
}

try {
  makeWork(work);
  await checkAnswers(python());
  await checkRealDays();
  await checkKilled();
  await checkFullDisk();
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
process.stdout.write(failures === 0 ? 'all as it should be\n' : `${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
