import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toEqual([
    'RasterError',
    'dayNumber',
    'isRasterError',
    'isoDate',
    'readCube',
    'readGeoTiff',
    'readImage',
    'readNpy',
    'replaceFolder',
    'resizeImage',
    'writeCube',
    'writeFileAtomic',
    'writeNpy',
    'writePng',
  ]);
});
