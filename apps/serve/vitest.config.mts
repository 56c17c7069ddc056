import { defineProject } from '../../vitest.config.base.mjs';

export default defineProject('serve');
