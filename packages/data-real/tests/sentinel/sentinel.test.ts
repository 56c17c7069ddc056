import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeGeoTiff, type Transform } from '@arctic/raster';
import { describe, expect, it } from 'vitest';
import {
  geolocate,
  isDataRealError,
  openProduct,
  openSentinel1,
  openSentinel2,
} from '../../src/index.js';
import { failure, realFile, SKIP_NOTE, temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();

const WIDTH = 4;
const HEIGHT = 3;
const DN = [0, 10, 20, 30, 10, 10, 10, 10, 5, 40, 50, 60];

const header =
  '<adsHeader><missionId>S1A</missionId><polarisation>VV</polarisation><mode>EW</mode><startTime>2022-11-30T01:43:42.5</startTime></adsHeader>';

function point(line: number, pixel: number, longitude: number, latitude: number): string {
  return `<geolocationGridPoint><line>${line}</line><pixel>${pixel}</pixel><latitude>${latitude}</latitude><longitude>${longitude}</longitude><incidenceAngle>${30 + pixel}</incidenceAngle></geolocationGridPoint>`;
}

/** A product of 3 lines of 4 pixels across the dateline. */
async function sentinel1(name: string, noise: string): Promise<string> {
  const path = join(folder, name);
  mkdirSync(join(path, 'annotation', 'calibration'), { recursive: true });
  mkdirSync(join(path, 'measurement'), { recursive: true });
  writeFileSync(join(path, 'manifest.safe'), '<xfdu/>');
  writeFileSync(
    join(path, 'annotation', 's1a-ew-grd-vv-001.xml'),
    `<?xml version="1.0"?><product>${header}<imageAnnotation><imageInformation><numberOfSamples>${WIDTH}</numberOfSamples><numberOfLines>${HEIGHT}</numberOfLines></imageInformation></imageAnnotation><geolocationGrid><geolocationGridPointList count="4">${point(0, 0, 179, 70)}${point(0, 3, -179, 70)}${point(2, 0, 179, 72)}${point(2, 3, -179, 72)}</geolocationGridPointList></geolocationGrid></product>`,
  );
  const vector = (line: number, sigma: string) =>
    `<calibrationVector><line>${line}</line><pixel count="2">0 2</pixel><sigmaNought>${sigma}</sigmaNought><betaNought>1 1</betaNought><gamma>2 2</gamma></calibrationVector>`;
  writeFileSync(
    join(path, 'annotation', 'calibration', 'calibration-s1a.xml'),
    `<calibration>${header}<calibrationVectorList>${vector(0, '2 4')}${vector(2, '4 8')}</calibrationVectorList></calibration>`,
  );
  writeFileSync(
    join(path, 'annotation', 'calibration', 'noise-s1a.xml'),
    `<noise>${header}${noise}</noise>`,
  );
  await writeGeoTiff(join(path, 'measurement', 's1a-ew-grd-vv-001.tiff'), {
    height: HEIGHT,
    width: WIDTH,
    dtype: 'uint16',
    crs: null,
    transform: null,
    nodata: null,
    bands: [{ name: 'band1' }],
    rows: (first, count) => Uint16Array.from(DN.slice(first * WIDTH, (first + count) * WIDTH)),
  });
  return path;
}

const RANGE =
  '<noiseRangeVectorList><noiseRangeVector><line>0</line><pixel>0 3</pixel><noiseRangeLut>10 40</noiseRangeLut></noiseRangeVector></noiseRangeVectorList>';
const AZIMUTH =
  '<noiseAzimuthVectorList><noiseAzimuthVector><firstAzimuthLine>1</firstAzimuthLine><firstRangeSample>2</firstRangeSample><lastAzimuthLine>2</lastAzimuthLine><lastRangeSample>3</lastRangeSample><line>1 2</line><noiseAzimuthLut>1 3</noiseAzimuthLut></noiseAzimuthVector></noiseAzimuthVectorList>';

const decibel = (power: number) => Math.fround(10 * Math.log10(power));

describe('Sentinel-1', () => {
  it('calibrates and takes the noise off, window by window', async () => {
    const path = await sentinel1('S1A_EW.SAFE', RANGE + AZIMUTH);
    const file = await openSentinel1(path);
    const [sigma0] = file.variables;
    expect([sigma0?.name, sigma0?.units, sigma0?.shape]).toEqual(['sigma0_vv', 'dB', [3, 4]]);
    expect([file.crs, file.transform, file.times]).toEqual([
      'EPSG:4326',
      null,
      ['2022-11-30T01:43:42Z'],
    ]);
    const { data } = (await sigma0?.read()) ?? { data: [] };
    // Gain 2 … 4 over two pixels, then constant; noise 10 … 40 over three.
    expect(data[0]).toBeNaN();
    expect(data[1]).toBe(decibel((100 - 20) / 9));
    expect(data[3]).toBe(decibel((900 - 40) / 16));
    // The last line: gain doubled, noise threefold from the third pixel on.
    expect(data[8]).toBe(decibel((25 - 10) / 16));
    expect(data[10]).toBe(decibel((2500 - 90) / 64));
    const part = await sigma0?.read({ start: [2, 2], count: [1, 2] });
    expect(Array.from(part?.data ?? [])).toEqual([data[10], data[11]]);
    expect(sigma0?.placement?.controlPoints).toHaveLength(4);
    await file.close();
  });
  it('linear, of other tables, with the noise left in; older noise tables', async () => {
    const old =
      '<noiseVectorList><noiseVector><line>0</line><pixel>0 3</pixel><noiseLut>1 1</noiseLut></noiseVector></noiseVectorList>';
    const path = await sentinel1('S1A_OLD.SAFE', old);
    const raw = await openSentinel1(path, {
      denoise: false,
      unit: 'linear',
      calibration: 'gamma0',
    });
    expect([raw.variables[0]?.name, raw.variables[0]?.units]).toEqual(['gamma0_vv', '1']);
    expect((await raw.variables[0]?.read())?.data[1]).toBe(25);
    await raw.close();
    const clean = await openSentinel1(path, { unit: 'linear', calibration: 'beta0' });
    expect((await clean.variables[0]?.read())?.data[1]).toBe(99);
    await clean.close();
  });
  it('finds its place across the dateline', async () => {
    const file = await openSentinel1(await sentinel1('S1A_GEO.SAFE', RANGE));
    const middle = geolocate(file.geolocation, 1, 1.5);
    expect(Math.abs(middle.longitude)).toBeCloseTo(180, 9);
    expect(middle.latitude).toBeCloseTo(71, 1);
    expect(middle.incidence).toBe(31.5);
    await file.close();
  });
  it('gives the tables of a product without its image; refuses other folders', async () => {
    const path = await sentinel1('S1A_BARE.SAFE', RANGE + AZIMUTH);
    rmSync(join(path, 'measurement'), { recursive: true });
    const file = await openProduct(join(path, 'manifest.safe'));
    expect(file.variables.map(({ name }) => name)).toEqual([
      'sigma0_table_vv',
      'noise_vv',
      'latitude',
      'longitude',
      'incidence_angle',
    ]);
    expect(Array.from((await file.variables[1]?.read())?.data ?? [])).toEqual([10, 30, 10, 90]);
    await failure(() => openSentinel1(folder), 'MissingInput');
    rmSync(join(path, 'annotation', 'calibration', 'calibration-s1a.xml'));
    await failure(() => openSentinel1(path), 'DamagedFile');
  });
  it('damaged metadata end in a typed error or a product', async () => {
    const path = await sentinel1('S1A_BAD.SAFE', RANGE + AZIMUTH);
    const names = [
      's1a-ew-grd-vv-001.xml',
      'calibration/calibration-s1a.xml',
      'calibration/noise-s1a.xml',
    ].map((name) => join(path, 'annotation', name));
    const whole = names.map((name) => readFileSync(name));
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let errors = 0;
    for (let round = 0; round < 150; round++) {
      const k = round % 3;
      const bytes = Buffer.from(whole[k] ?? []);
      for (let hit = 0; hit < 4; hit++) bytes[random(bytes.length)] = random(256);
      writeFileSync(
        names[k] ?? '',
        round % 5 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes,
      );
      try {
        const file = await openSentinel1(path);
        for (const variable of file.variables) await variable.read();
        await file.close();
      } catch (error) {
        if (!isDataRealError(error)) throw error;
        errors += 1;
      }
      writeFileSync(names[k] ?? '', whole[k] ?? '');
    }
    expect(errors).toBeGreaterThan(50);
  });
  it('the real tables equal an independent calculation', async ({ skip }) => {
    const path = realFile('sentinel-1/S1A_EW_GRDM_1SDH_20221130T014342_BB15') ?? skip(SKIP_NOTE);
    const file = await openSentinel1(path);
    const read = async (name: string) =>
      (await file.variables.find((variable) => variable.name === name)?.read())?.data ?? [];
    // numpy.interp along pixels, then lines; line 0, pixel 0.
    expect((await read('sigma0_table_hh'))[0]).toBe(1908.928);
    expect((await read('noise_hh'))[0]).toBeCloseTo(49259.67271928, 6);
    const latitude = Array.from(await read('latitude'));
    expect(latitude).toHaveLength(483);
    expect(latitude.reduce((a, b) => a + b, 0) / 483).toBeCloseTo(79.36901612, 7);
    await file.close();
  });
});

/** A product of one tile, bands of 2 × 2 pixels. */
async function sentinel2(name: string, level: '1C' | '2A', files: readonly string[]) {
  const path = join(folder, name);
  const images = join(path, 'GRANULE', 'L', 'IMG_DATA');
  mkdirSync(images, { recursive: true });
  const characteristics =
    level === '1C'
      ? '<QUANTIFICATION_VALUE unit="none">10000</QUANTIFICATION_VALUE><Radiometric_Offset_List><RADIO_ADD_OFFSET band_id="1">-1000</RADIO_ADD_OFFSET></Radiometric_Offset_List>'
      : '<QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE>5000</BOA_QUANTIFICATION_VALUE><WVP_QUANTIFICATION_VALUE unit="cm">1000.0</WVP_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>';
  writeFileSync(
    join(path, `MTD_MSIL${level}.xml`),
    `<n1:Product xmlns:n1="x"><n1:General_Info><Product_Info><PROCESSING_BASELINE>04.00</PROCESSING_BASELINE></Product_Info><Product_Image_Characteristics>${characteristics}</Product_Image_Characteristics></n1:General_Info></n1:Product>`,
  );
  writeFileSync(
    join(path, 'GRANULE', 'L', 'MTD_TL.xml'),
    '<T><General_Info><SENSING_TIME>2022-07-01T15:20:31.024Z</SENSING_TIME></General_Info><Geometric_Info><Tile_Geocoding><HORIZONTAL_CS_CODE>EPSG:32633</HORIZONTAL_CS_CODE><Geoposition resolution="10"><ULX>499980</ULX><ULY>8900040</ULY><XDIM>10</XDIM><YDIM>-10</YDIM></Geoposition><Geoposition resolution="20"><ULX>499980</ULX><ULY>8900040</ULY><XDIM>20</XDIM><YDIM>-20</YDIM></Geoposition></Tile_Geocoding></Geometric_Info></T>',
  );
  for (const file of files) {
    const wide = !file.includes('SCL');
    await writeGeoTiff(join(images, file), {
      height: 2,
      width: 2,
      dtype: wide ? 'uint16' : 'uint8',
      crs: null,
      transform: null,
      nodata: null,
      bands: [{ name: 'band1' }],
      rows: () => (wide ? Uint16Array.of(0, 2000, 65535, 11000) : Uint8Array.of(0, 3, 6, 11)),
    });
  }
  return path;
}

describe('Sentinel-2', () => {
  it('level 1C: offset and scale by band, place from the tile', async () => {
    const names = ['T33_20220701_B04.tif', 'T33_20220701_B02.tif', 'T33_20220701_B11.tif'];
    const file = await openProduct(await sentinel2('S2A_L1C.SAFE', '1C', names));
    expect(file.variables.map(({ name }) => name)).toEqual(['B02', 'B04', 'B11']);
    const [blue, red, swir] = file.variables;
    const values = async (variable: typeof blue) =>
      Array.from((await variable?.read())?.data ?? []).map((value) => Number(value.toFixed(6)));
    expect(await values(blue)).toEqual([NaN, 0.1, NaN, 1]);
    expect(await values(red)).toEqual([NaN, 0.2, NaN, 1.1]);
    const ten: Transform = [499_980, 10, 0, 8_900_040, 0, -10];
    expect([file.crs, file.transform, file.times]).toEqual([
      'EPSG:32633',
      ten,
      ['2022-07-01T15:20:31Z'],
    ]);
    expect(swir?.placement?.transform).toEqual([499_980, 20, 0, 8_900_040, 0, -20]);
    await file.close();
  });
  it('level 2A: resolutions in the names, classes without scale', async () => {
    const names = ['T33_B02_10m.tif', 'T33_SCL_20m.tif', 'T33_B02_20m.tif'];
    const path = await sentinel2('S2A_L2A.SAFE', '2A', names);
    const file = await openSentinel2(join(path, 'MTD_MSIL2A.xml'));
    expect(file.variables.map(({ name }) => name)).toEqual(['B02_10m', 'B02_20m', 'SCL_20m']);
    expect((await file.variables[0]?.read())?.data[1]).toBeCloseTo(0.4);
    const { data } = (await file.variables[2]?.read()) ?? { data: [] };
    expect(Array.from(data)).toEqual([NaN, 3, 6, 11]);
    await file.close();
  });
  it('level 2A: water vapour in its unit', async () => {
    const file = await openProduct(await sentinel2('S2A_AIR.SAFE', '2A', ['T33_WVP_10m.tif']));
    const [vapour] = file.variables;
    expect([vapour?.name, vapour?.units]).toEqual(['WVP_10m', 'cm']);
    expect(Array.from((await vapour?.read())?.data ?? [])).toEqual([NaN, 2, NaN, 11]);
    await file.close();
  });
  it('refuses a folder without images or metadata', async () => {
    await failure(() => openSentinel2(folder), 'MissingInput');
    const path = await sentinel2('S2A_EMPTY.SAFE', '1C', []);
    await failure(() => openSentinel2(path), 'MissingInput');
    writeFileSync(join(path, 'MTD_MSIL1C.xml'), '<a><b></a>');
    await failure(() => openSentinel2(path), 'DamagedFile');
  });
});
