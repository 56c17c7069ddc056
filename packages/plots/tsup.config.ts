import type { Options } from 'tsup';
import shared from '../../tsup.config.js';

/** The shared build, with the entry for browsers. */
const config: Options = { ...shared, entry: ['src/index.ts', 'src/colormap.ts'] };

export default config;
