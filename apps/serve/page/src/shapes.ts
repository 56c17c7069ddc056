import type { z } from 'zod';
import type * as schemas from '../../src/http/schemas.js';

/** What the API answers: its own schemas, as types alone. */
export type Domain = z.infer<typeof schemas.domains>['domains'][number];
export type Domains = z.infer<typeof schemas.domains>;
export type Hemisphere = Domain['hemisphere'];
export type Model = z.infer<typeof schemas.model>;
export type Grid = z.infer<typeof schemas.prediction>['grid'];
export type Verification = z.infer<typeof schemas.verification>;
export type MapSummary = z.infer<typeof schemas.mapSummary>;
export type Problem = z.infer<typeof schemas.problem>;
