import { describe, expect, it } from 'vitest';
import { listSource, type SourceQuery } from '../../src/download/download-source.js';
import { failure } from '../helpers.js';
import { FAST, localServer, type Handler } from './local-server.js';

const server = await localServer();
const ORIGINS = [
  'https://noaadata.apps.nsidc.org',
  'https://thredds.met.no',
  'https://dap.ceda.ac.uk',
  'https://cmr.earthdata.nasa.gov',
  'https://catalogue.dataspace.copernicus.eu',
  'https://download.dmi.dk',
  'http://wdc.aari.ru',
];
const origins = Object.fromEntries(ORIGINS.map((origin) => [origin, server.origin]));
const list = (query: SourceQuery) => listSource({ ...FAST, origins, ...query });
const names = async (query: SourceQuery) => (await list(query)).map(({ name }) => name);

/** A page as Apache makes them, of the given names. */
const page =
  (...entries: string[]): Handler =>
  (_request, response) => {
    const links = entries.map((name) => `<li><a href="${name}"> ${name}</a></li>`).join('\n');
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(
      `<html><title>Index</title><a href="?C=N;O=D">Name</a> <a href="/">Up</a> <a href="../">Parent</a>${links}</html>`,
    );
  };

describe('NOAA at NSIDC', () => {
  it('g02202: the sensor and version come from the listing, years without a folder are empty', async () => {
    server.routes['/NOAA/G02202_V6/north/daily/2024/'] = page(
      'sic_psn25_20241230_F17_v06r00.nc',
      'sic_psn25_20241231_F17_v06r00.nc',
      'sic_psn25_20241231_F17_v06r00.nc.mnf',
    );
    server.routes['/NOAA/G02202_V6/north/daily/2025/'] = page(
      'sic_psn25_20250101_am2_v06r00.nc',
      'sic_psn25_20250102_am2_v06r00.nc',
    );
    const files = await list({ source: 'g02202', from: '2024-12-31', to: '2025-01-01' });
    expect(files).toEqual([
      {
        name: 'sic_psn25_20241231_F17_v06r00.nc',
        url: 'https://noaadata.apps.nsidc.org/NOAA/G02202_V6/north/daily/2024/sic_psn25_20241231_F17_v06r00.nc',
        date: '2024-12-31',
      },
      expect.objectContaining({ name: 'sic_psn25_20250101_am2_v06r00.nc', date: '2025-01-01' }),
    ]);
    expect(await failure(() => list({ source: 'g02202', from: '2030-01-01' }), 'NoData')).toContain(
      'g02202',
    );
  });
  it('g02202 version 4, south, months', async () => {
    server.routes['/NOAA/G02202_V4/south/monthly/'] = page(
      'seaice_conc_monthly_sh_202108_f17_v04r00.nc',
      'seaice_conc_monthly_sh_202109_f17_v04r00.nc',
      'seaice_conc_monthly_sh_197811_202112_v04r00.nc',
    );
    expect(
      await names({
        source: 'g02202',
        product: 'v4',
        hemisphere: 'south',
        kind: 'monthly',
        from: '2021-09-15',
        to: '2021-10-15',
      }),
    ).toEqual(['seaice_conc_monthly_sh_202109_f17_v04r00.nc']);
  });
  it('g10016, all versions', async () => {
    const cases = [
      ['v4', '/NOAA/G10016_V4/north/daily/2026/', 'sic_psn25_20260923_am2_icdr_v04r00.nc'],
      ['v3', '/NOAA/G10016_V3/CDR/north/daily/2026/', 'sic_psn25_20260923_F17_icdr_v03r00.nc'],
      [
        'v2',
        '/NOAA/G10016_V2/north/daily/2026/',
        'seaice_conc_daily_icdr_nh_20260923_f18_v02r00.nc',
      ],
    ] as const;
    for (const [product, folder, name] of cases) {
      server.routes[folder] = page(name);
      expect(await names({ source: 'g10016', product, from: '2026-09-23' })).toEqual([name]);
    }
  });
  it('the Sea Ice Index: days, months, tables', async () => {
    server.routes['/NOAA/G02135/south/daily/geotiff/2019/05_May/'] = page(
      'S_20190501_concentration_v4.0.tif',
      'S_20190501_extent_v4.0.tif',
    );
    server.routes['/NOAA/G02135/south/monthly/geotiff/05_May/'] = page(
      'S_201805_concentration_v4.0.tif',
      'S_201905_concentration_v4.0.tif',
    );
    server.routes['/NOAA/G02135/south/daily/data/'] = page(
      'S_seaice_extent_daily_v4.0.csv',
      'S_seaice_extent_climatology_1981-2010_v4.0.csv',
    );
    const query = { source: 'sea-ice-index', hemisphere: 'south', from: '2019-05-01' } as const;
    expect(await names(query)).toEqual(['S_20190501_concentration_v4.0.tif']);
    expect(await names({ ...query, product: 'extent' })).toEqual(['S_20190501_extent_v4.0.tif']);
    expect(await names({ ...query, kind: 'monthly' })).toEqual(['S_201905_concentration_v4.0.tif']);
    expect(await names({ ...query, product: 'csv' })).toEqual(['S_seaice_extent_daily_v4.0.csv']);
  });
});

describe('OSI SAF', () => {
  const catalog =
    (folder: string, ...files: string[]): Handler =>
    (_request, response) => {
      const datasets = files.map(
        (name) =>
          `<dataset name="${name}" ID="${folder}/${name}" urlPath="${folder}/${name}"><dataSize units="Mbytes">1.2</dataSize><date type="modified">2024-01-01T00:00:00Z</date></dataset>`,
      );
      response.writeHead(200, { 'content-type': 'application/xml' }).end(
        `<?xml version="1.0" encoding="UTF-8"?>
<catalog xmlns="http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0" version="1.2">
<service name="file" serviceType="HTTPServer" base="/thredds/fileServer/" />
<dataset name="09" ID="${folder}"><metadata inherited="true"><serviceName>file</serviceName></metadata>${datasets.join('\n')}</dataset></catalog>`,
      );
    };
  const root = '/thredds/catalog/osisaf/met.no';

  it('operational, over two months', async () => {
    const name = (day: string) => `ice_conc_nh_polstere-100_multi_${day}1200.nc`;
    server.routes[`${root}/ice/conc/2019/09/catalog.xml`] = catalog(
      'osisaf/met.no/ice/conc/2019/09',
      name('20190909'),
      name('20190930'),
      'ice_conc_sh_polstere-100_multi_201909301200.nc',
    );
    server.routes[`${root}/ice/conc/2019/10/catalog.xml`] = catalog(
      'osisaf/met.no/ice/conc/2019/10',
      name('20191001'),
    );
    const files = await list({ source: 'osi-saf', from: '2019-09-10', to: '2019-10-01' });
    expect(files.map((file) => file.name)).toEqual([name('20190930'), name('20191001')]);
    expect(files[0]?.url).toBe(
      `https://thredds.met.no/thredds/fileServer/osisaf/met.no/ice/conc/2019/09/${name('20190930')}`,
    );
  });
  it('the record and its continuation; a fast-track file only where no other is', async () => {
    const name = (kind: string, day: string) => `ice_conc_nh_ease2-250_${kind}-v3p0_${day}1200.nc`;
    const folder = 'osisaf/met.no/reprocessed/ice';
    server.routes[`${root}/reprocessed/ice/conc_450a_files/2020/12/catalog.xml`] = catalog(
      `${folder}/conc_450a_files/2020/12`,
      name('cdr', '20201231'),
    );
    server.routes[`${root}/reprocessed/ice/conc_cra_files/2021/01/catalog.xml`] = catalog(
      `${folder}/conc_cra_files/2021/01`,
      name('icdr', '20210101'),
      name('icdrft', '20210101'),
      name('icdrft', '20210102'),
    );
    const query = { source: 'osi-saf', product: 'osi-450-a', from: '2020-12-31' } as const;
    expect(await names({ ...query, to: '2021-01-02' })).toEqual([
      name('cdr', '20201231'),
      name('icdr', '20210101'),
      name('icdrft', '20210102'),
    ]);
  });
  it('a catalogue that is none', async () => {
    server.routes[`${root}/ice/conc/1999/01/catalog.xml`] = (_request, response) =>
      void response.end('<catalog><dataset></wrong>');
    await failure(() => list({ source: 'osi-saf', from: '1999-01-01' }), 'NoData');
  });
});

it('ESA CCI: absolute links with a query', async () => {
  const folder =
    '/neodc/esacci/sea_ice/data/sea_ice_concentration/L4/ssmi_ssmis/12.5km/v3.0/SH/2010/02/';
  const name = 'ESACCI-SEAICE-L4-SICONC-RE_SSMI_12.5kmEASE2-SH-20100203-fv3.0.nc';
  server.routes[folder] = page(`https://dap.ceda.ac.uk${folder}${name}?download=1`);
  const [file] = await list({ source: 'esa-cci-sic', hemisphere: 'south', from: '2010-02-03' });
  expect(file).toEqual({
    name,
    url: `https://dap.ceda.ac.uk${folder}${name}`,
    date: '2010-02-03',
    login: 'ceda',
  });
});

describe('CMR', () => {
  const granule = (name: string, begin: string, extra: object = {}) => ({
    meta: { 'concept-id': 'G1' },
    umm: {
      GranuleUR: name,
      TemporalExtent: { RangeDateTime: { BeginningDateTime: begin } },
      RelatedUrls: [
        { URL: `s3://bucket/${name}`, Type: 'GET DATA VIA DIRECT ACCESS' },
        {
          URL: `https://data.nsidc.earthdatacloud.nasa.gov/x/${name}.xml`,
          Type: 'EXTENDED METADATA',
        },
        { URL: `https://data.nsidc.earthdatacloud.nasa.gov/x/${name}`, Type: 'GET DATA' },
      ],
      ...extra,
    },
  });
  const route = '/search/granules.umm_json';

  it('pages by CMR-Search-After, takes size and checksum, leaves other files out', async () => {
    const wanted = 'NSIDC0051_SEAICE_PS_N25km_20200101_v2.0.nc';
    const second = 'NSIDC0051_SEAICE_PS_N25km_20200102_v2.0.nc';
    const facts = {
      DataGranule: {
        ArchiveAndDistributionInformation: [
          { Name: `${wanted}.xml`, SizeInBytes: 1 },
          {
            Name: wanted,
            SizeInBytes: 1234,
            Checksum: { Algorithm: 'SHA-256', Value: 'AB'.repeat(32) },
          },
        ],
      },
    };
    const begin = server.seen.length;
    server.routes[route] = (request, response) => {
      const after = request.headers['cmr-search-after'];
      const items = !after
        ? [granule(wanted, '2020-01-01T00:00:00.000Z', facts)]
        : after === 'one'
          ? [
              granule(second, '2020-01-02T00:00:00.000Z'),
              granule('NSIDC0051_SEAICE_PS_S25km_20200102_v2.0.nc', '2020-01-02T00:00:00.000Z'),
              granule('NSIDC0051_SEAICE_PS_N25km_202001_v2.0.nc', '2020-01-01T00:00:00.000Z'),
              { umm: null },
            ]
          : [];
      const next: Record<string, string> =
        items.length > 0 ? { 'cmr-search-after': after ? 'two' : 'one' } : {};
      response.writeHead(200, next).end(JSON.stringify({ hits: 4, items }));
    };
    const files = await list({ source: 'nsidc-0051', from: '2020-01-01', to: '2020-01-02' });
    expect(files).toEqual([
      {
        name: wanted,
        url: `https://data.nsidc.earthdatacloud.nasa.gov/x/${wanted}`,
        date: '2020-01-01',
        bytes: 1234,
        checksum: { algorithm: 'sha256', value: 'ab'.repeat(32) },
        login: 'earthdata',
      },
      expect.objectContaining({ name: second, bytes: undefined, checksum: undefined }),
    ]);
    const asked = new URL(`http://x${server.seen[begin]?.path}`).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      short_name: 'NSIDC-0051',
      version: '2',
      temporal: '2020-01-01T00:00:00Z,2020-01-02T23:59:59Z',
    });
    expect(server.seen.length - begin).toBe(3);
  });
  it('swaths and tiles of MODIS by region', async () => {
    const name = 'MOD29.A2022256.1435.061.2022257014312.hdf';
    const begin = server.seen.length;
    server.routes[route] = (_request, response) =>
      void response.end(JSON.stringify({ items: [granule(name, '2022-09-13T14:35:00.000Z')] }));
    const region = [170, 70, -170, 80];
    expect(await names({ source: 'modis', product: 'MOD29', from: '2022-09-13', region })).toEqual([
      name,
    ]);
    const asked = new URL(`http://x${server.seen[begin]?.path}`).searchParams;
    expect([asked.get('version'), asked.get('bounding_box')]).toEqual(['61', '170,70,-170,80']);
  });
  it('an answer in other words, a retired source', async () => {
    server.routes[route] = (_request, response) => void response.end('{"errors": ["no"]}');
    const query = { source: 'nsidc-0081', from: '2020-01-01' } as const;
    expect(await failure(() => list(query), 'DownloadFailed')).toContain('errors');
    server.routes[route] = (_request, response) => void response.end('{"items": []}');
    expect(await failure(() => list(query), 'NoData')).toContain('18 June 2026');
  });
  it('names that would leave the folder are left out', async () => {
    server.routes[route] = (_request, response) =>
      void response.end(
        JSON.stringify({ items: [granule('MOD29.A2022256.%2e%2e%2fx.hdf', '2022')] }),
      );
    const query = {
      source: 'modis',
      product: 'MOD29',
      from: '2022-09-13',
      region: [0, 70, 10, 80],
    } as const;
    await failure(() => list(query), 'NoData');
  });
});

describe('Copernicus', () => {
  const route = '/odata/v1/Products';
  const id = (n: number) => `b30f2bbf-7f02-494a-b3f4-3ea11cd3d14${n}`;
  const product = (n: number, name: string, more: object = {}) => ({
    Id: id(n),
    Name: name,
    ContentLength: 1000 * n,
    Online: true,
    Checksum: [{ Value: '0'.repeat(32), Algorithm: 'MD5' }],
    ContentDate: { Start: '2022-09-13T08:12:24.000Z' },
    ...more,
  });

  it('follows the next page; leaves out copies and what is not online', async () => {
    const scene = 'S1A_EW_GRDM_1SDH_20220913T081224_20220913T081328_044986_055FB2_1F2E';
    const begin = server.seen.length;
    server.routes[route] = (request, response) => {
      const isFirst = !request.url?.includes('skip=');
      const value = isFirst
        ? [product(1, `${scene}.SAFE`), product(2, `${scene}_COG.SAFE`)]
        : [product(3, 'S1A_EW_GRDM_1SDH_other.SAFE', { Online: false }), {}];
      const next = {
        '@odata.nextLink': `http://catalogue.dataspace.copernicus.eu${route}?$skip=2`,
      };
      response.end(JSON.stringify({ value, ...(isFirst && next) }));
    };
    const files = await list({
      source: 'sentinel-1-grd',
      from: '2022-09-13',
      region: [170, 70, -170, 80],
    });
    expect(files).toEqual([
      {
        name: `${scene}.zip`,
        url: `https://download.dataspace.copernicus.eu/odata/v1/Products(${id(1)})/$value`,
        date: '2022-09-13',
        bytes: 1000,
        login: 'copernicus',
      },
    ]);
    const filter = new URL(`http://x${server.seen[begin]?.path}`).searchParams.get('$filter');
    expect(filter).toContain("Collection/Name eq 'SENTINEL-1'");
    expect(filter).toContain("contains(Name,'_EW_GRD')");
    expect(filter).toContain('MULTIPOLYGON(((170 70,180 70,180 80,170 80,170 70)),((-180 70,');
  });
  it('Sentinel-2 by level and cloud', async () => {
    const begin = server.seen.length;
    server.routes[route] = (_request, response) =>
      void response.end(JSON.stringify({ value: [product(1, 'S2B_MSIL2A_20220913.SAFE')] }));
    const region = [-30, 75, -20, 80];
    const query = { source: 'sentinel-2', product: 'l2a', from: '2022-09-13', region } as const;
    expect(await names({ ...query, maxCloud: 20 })).toEqual(['S2B_MSIL2A_20220913.zip']);
    const filter = new URL(`http://x${server.seen[begin]?.path}`).searchParams.get('$filter');
    expect(filter).toContain("Value eq 'S2MSI2A'");
    expect(filter).toContain("att/Name eq 'cloudCover'");
    expect(filter).toContain('Value le 20.00');
  });
});

describe('Worldview', () => {
  it('the box of NE Greenland in EPSG:3413, whole pixels', async () => {
    const [file, next] = await list({
      source: 'modis',
      from: '2022-09-13',
      to: '2022-09-14',
      region: [-22, 79.5, -2, 82],
    });
    const asked = new URL(file?.url ?? '').searchParams;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = (asked.get('BBOX') ?? '').split(',').map(Number);
    // Corners by pyproj, EPSG:4326 to EPSG:3413: 339143.8, −1049837.8, 777820.6, −634794.8.
    expect([x0, y0, x1, y1]).toEqual([339_000, -1_050_000, 778_000, -634_750]);
    expect(Number(asked.get('WIDTH'))).toBe((x1 - x0) / 250);
    expect(Number(asked.get('HEIGHT'))).toBe((y1 - y0) / 250);
    expect(asked.get('LAYERS')).toBe('MODIS_Terra_CorrectedReflectance_TrueColor');
    expect([asked.get('TIME'), asked.get('CRS'), asked.get('FORMAT')]).toEqual([
      '2022-09-13',
      'EPSG:3413',
      'image/tiff',
    ]);
    expect(file?.name).toMatch(/^worldview\.terra-truecolor\.20220913\.epsg3413\.[-\d_]+\.tiff$/);
    expect(next?.date).toBe('2022-09-14');
  });
  it('the south in EPSG:3031', async () => {
    const region = [30, -70, 40, -69];
    const [file] = await list({ source: 'modis', hemisphere: 'south', from: '2022-09-13', region });
    const asked = new URL(file?.url ?? '').searchParams;
    // Corners by pyproj: 1097247.1, 1681080.1 to 1482628.1, 1997539.4.
    expect(asked.get('BBOX')).toBe('1097000,1681000,1482750,1997750');
    expect(asked.get('CRS')).toBe('EPSG:3031');
  });
  it('a region that is too large', async () => {
    const query = { source: 'modis', from: '2022-09-13', region: [-180, 50, 180, 90] } as const;
    expect(await failure(() => list(query), 'InvalidOption')).toContain('8000');
  });
});

describe('ice charts', () => {
  it('NIC: both ways to write a date', async () => {
    server.routes['/NOAA/G10013/north/2018/'] = page(
      'nic_arctic_20180104_pl_a.zip',
      'ARCTIC180830.zip',
    );
    const query = { source: 'nic-charts', from: '2018-01-01' } as const;
    expect(await list({ ...query, to: '2018-12-31' })).toMatchObject([
      { name: 'ARCTIC180830.zip', date: '2018-08-30' },
      { name: 'nic_arctic_20180104_pl_a.zip', date: '2018-01-04' },
    ]);
    expect(await names({ ...query, to: '2018-06-30' })).toEqual(['nic_arctic_20180104_pl_a.zip']);
  });
  it("CIS: a chart of December in the next year's folder", async () => {
    const name = 'cis_SGRDREA_20191230T1800Z_pl_a.tar';
    server.routes['/NOAA/G02171/Eastern_Arctic/2019/'] = page(
      'cis_SGRDREA_20191223T1800Z_pl_a.tar',
    );
    server.routes['/NOAA/G02171/Eastern_Arctic/2020/'] = page(
      name,
      'cis_SGRDREA_20200106T1800Z_pl_a.tar',
    );
    expect(await names({ source: 'cis-charts', from: '2019-12-24', to: '2019-12-31' })).toEqual([
      name,
    ]);
  });
  it('DMI: a folder per chart', async () => {
    const root = '/public/ICESERVICE/SIGRID3/2014/';
    const chart = '201404250420_CapeFarewell2_RIC';
    server.routes[root] = page(
      `${chart}/`,
      '201404250420_SouthEast_RIC/',
      '201405010420_CapeFarewell_RIC/',
    );
    server.routes[`${root}${chart}`] = (_request, response) =>
      void response.writeHead(301, { location: `${root}${chart}/` }).end();
    server.routes[`${root}${chart}/`] = page(
      ...['shp', 'shx', 'dbf', 'prj', 'shp.xml'].map((end) => `${chart}.${end}`),
    );
    const query = { source: 'dmi-charts', from: '2014-04-20', to: '2014-04-30' } as const;
    expect(await names(query)).toEqual(
      ['dbf', 'prj', 'shp', 'shx'].map((end) => `${chart}.${end}`),
    );
    const wrong = () => list({ ...query, areas: ['Bornholm'] });
    expect(await failure(wrong, 'InvalidOption')).toContain('CapeFarewell');
  });
  it('AARI: the Arctic and single seas', async () => {
    server.routes['/datasets/d0015/arcice/2021/'] = page(
      'aari_arc_20210105_pl_b.zip',
      'readme.txt',
    );
    server.routes['/datasets/d0004/kar/sigrid/2021/'] = page('aari_kar_20210105_pl_a.zip');
    const query = { source: 'aari-charts', from: '2021-01-05' } as const;
    expect(await names(query)).toEqual(['aari_arc_20210105_pl_b.zip']);
    expect(await names({ ...query, product: 'seas' })).toEqual(['aari_kar_20210105_pl_a.zip']);
  });
});

it.each([
  [{ source: 'g02202', from: '2020-02-30' }, 'YYYY-MM-DD'],
  [{ source: 'g02202', from: '2020-02-03', to: '2020-02-01' }, 'on or after'],
  [{ source: 'g02202', from: '2020-02-03', product: 'v9' }, 'v6, v5, v4'],
  [{ source: 'osi-saf', from: '2020-02-03', areas: ['x'] }, 'none'],
  [{ source: 'sentinel-2', from: '2020-02-03' }, 'a region'],
  [{ source: 'sentinel-2', from: '2020-02-03', region: [1, 2, 3] }, 'west, south, east, north'],
  [{ source: 'modis', from: '2020-02-03', region: [1, 80, 3, 70] }, 'west, south, east, north'],
  [{ source: 'sentinel-2', from: '2020-02-03', region: [1, 70, 3, 80], maxCloud: 101 }, 'maxCloud'],
  [{ source: 'esa-cci-sic', from: '2020-02-03', kind: 'monthly' }, 'daily'],
] as const)('options that make no sense: %o', async (query, word) => {
  expect(await failure(() => list(query), 'InvalidOption')).toContain(word);
});
