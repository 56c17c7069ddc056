import { expect, it } from 'vitest';
import { openNetCdf4 } from '../../src/netcdf/netcdf4.js';
import { failure, fixture } from '../helpers.js';

it('does not fill terabytes that a file of a few kilobytes declares', async () => {
  const file = await openNetCdf4(fixture('netcdf/sparse.nc'));
  const variable = file.variables.find(({ name }) => name === 'v');
  const window = { start: [0, 0], count: [10, 10] };
  const message = await failure(() => variable?.read(window), 'DamagedFile');
  expect(message).toContain('1600000000000 bytes declared');
  await file.close();
});
