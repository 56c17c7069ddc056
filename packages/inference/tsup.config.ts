import type { Options } from 'tsup';
import shared from '../../tsup.config.js';

/** The shared build, with the entry that programs are started with. */
const config: Options = { ...shared, entry: ['src/index.ts', 'src/forecast.ts'] };

export default config;
