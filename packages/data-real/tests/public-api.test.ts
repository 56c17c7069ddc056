import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toEqual([
    'CHART_CLASSES',
    'DataRealError',
    'ICE_STAGES',
    'catalogue',
    'chartSummary',
    'classOfPolygon',
    'downloadSource',
    'fillInTime',
    'fillPoleHole',
    'iceFractions',
    'importSource',
    'isChart',
    'isDataRealError',
    'listSource',
    'openChart',
    'openModis',
    'openProduct',
    'openRgbScene',
    'openSource',
    'polarStereographicGrid',
    'rasteriseChart',
    'readSeaIceIndexCsv',
    'sourceEntry',
  ]);
});
