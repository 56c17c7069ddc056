import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wktOf } from '../../src/crs/crs.js';
import { affinePlacement } from '../../src/picture/affine-placement.js';
import { readSidecar } from '../../src/picture/sidecar.js';
import { temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();

describe('readSidecar', () => {
  it('reads place, nodata and packing of .aux.xml', async () => {
    const path = join(folder, 'a.png');
    const wkt = wktOf('EPSG:3413').replaceAll('"', '&quot;');
    writeFileSync(
      `${path}.aux.xml`,
      `<PAMDataset><SRS dataAxisToSRSAxisMapping="1,2">${wkt}</SRS>
       <GeoTransform> -1.0e+06, 2.5e+02, 0.0, 2.0e+06, 0.0, -3.0e+02</GeoTransform>
       <PAMRasterBand band="2"><NoDataValue le_hex_equiv="00">-9.0E+00</NoDataValue>
       <UnitType>m</UnitType><Offset>1.5</Offset><Scale>2</Scale></PAMRasterBand></PAMDataset>`,
    );
    const found = await readSidecar(path);
    expect(found.crs).toBe('EPSG:3413');
    expect(found.affine).toEqual([-1e6, 250, 0, 2e6, 0, -300]);
    expect(found.bands.get(2)).toEqual({ nodata: -9, scale: 2, offset: 1.5, units: 'm' });
  });

  it('finds world files by every name that they go by, and takes kilometres for metres', async () => {
    for (const [image, world] of [
      ['b.png', 'b.pgw'],
      ['c.jpeg', 'c.jgw'],
      ['d.jp2', 'd.J2W'],
      ['e.jpg', 'e.jpgw'],
      ['f.PNG', 'f.wld'],
    ] as const) {
      writeFileSync(join(folder, world), '10\r\n0\r\n0\r\n-20\r\n5\r\n-10\r\n');
      const found = await readSidecar(join(folder, image));
      expect(found.worldAffine).toEqual([0, 10, 0, 0, 0, -20]);
    }
    writeFileSync(join(folder, 'b.prj'), '+proj=laea +lat_0=90 +datum=WGS84 +units=km');
    const found = await readSidecar(join(folder, 'b.png'));
    expect(found.worldAffine).toEqual([0, 10_000, 0, 0, 0, -20_000]);
    expect(found.worldCrs).not.toBeNull();
  });
});

describe('affinePlacement', () => {
  it('turns images that run north or west', () => {
    expect(affinePlacement([0, -2, 0, 10, 0, 3], null, 4, 5)).toEqual({
      rowAxis: 0,
      columnAxis: 1,
      crs: null,
      rowsFromSouth: true,
      columnsFromEast: true,
      transform: [-10, 2, 0, 22, 0, -3],
    });
  });
  it('knows no place without an area', () => {
    expect(affinePlacement([0, 0, 0, 0, 0, 0], 'EPSG:3413', 4, 5).transform).toBeNull();
  });
});
