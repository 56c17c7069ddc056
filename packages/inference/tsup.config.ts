import type { Options } from 'tsup';
import shared from '../../tsup.config.js';

/** The shared build, with the entries for browsers and for threads. */
const config: Options = { ...shared, entry: ['src/index.ts', 'src/forecast.ts', 'src/inputs.ts'] };

export default config;
