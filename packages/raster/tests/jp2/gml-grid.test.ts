import { describe, expect, it } from 'vitest';
import { readGmlGrid } from '../../src/jp2/gml-grid.js';

const grid = (srs: string, position: string, first: string, second: string) => `
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:featureMember>
  <gml:RectifiedGrid dimension="2">
    <gml:limits><gml:GridEnvelope><gml:low>0 0</gml:low><gml:high>99 99</gml:high></gml:GridEnvelope></gml:limits>
    <gml:axisName>x</gml:axisName><gml:axisName>y</gml:axisName>
    <gml:origin><gml:Point gml:id="P0001" srsName="${srs}"><gml:pos>${position}</gml:pos></gml:Point></gml:origin>
    <gml:offsetVector srsName="${srs}">${first}</gml:offsetVector>
    <gml:offsetVector srsName="${srs}">${second}</gml:offsetVector>
  </gml:RectifiedGrid>
</gml:featureMember></gml:FeatureCollection>`;

describe('readGmlGrid', () => {
  it('takes the origin for the centre of the first pixel', () => {
    expect(
      readGmlGrid(grid('urn:ogc:def:crs:EPSG::32633', '600005 7999995', '10 0', '0 -10')),
    ).toEqual({ crs: 'EPSG:32633', affine: [600000, 10, 0, 8000000, 0, -10] });
  });
  it('tells the order of axes by the offset vectors', () => {
    const affine = [-30, 0.5, 0, 80, 0, -0.25];
    const code = 'http://www.opengis.net/def/crs/EPSG/0/4326';
    const crs = 'EPSG:4326';
    expect(readGmlGrid(grid(code, '79.875 -29.75', '0 0.5', '-0.25 0'))).toEqual({ crs, affine });
    expect(readGmlGrid(grid(code, '79.875 -29.75', '-0.25 0', '0 0.5'))).toEqual({ crs, affine });
    expect(readGmlGrid(grid(code, '-29.75 79.875', '0.5 0', '0 -0.25'))).toEqual({ crs, affine });
  });
  it('reads other spellings of the code, and coordinates with a comma', () => {
    const of = (srs: string) => readGmlGrid(grid(srs, '0,0', '1,0', '0,-1'))?.crs;
    expect(of('EPSG:3413')).toBe('EPSG:3413');
    expect(of('http://www.opengis.net/gml/srs/epsg.xml#3413')).toBe('EPSG:3413');
    expect(of('gmljp2://xml/CRSDictionary.gml#crs1')).toBeNull();
  });
  it('is null without a grid that has an area', () => {
    expect(readGmlGrid('<gml:FeatureCollection/>')).toBeNull();
    expect(readGmlGrid(grid('EPSG:3413', '0 0', '1 0', '1 0'))).toBeNull();
    expect(readGmlGrid(grid('EPSG:3413', '', '1 0', '0 1'))).toBeNull();
  });
});
