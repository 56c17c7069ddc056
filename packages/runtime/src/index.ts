/**
 * Makes `@tensorflow/tfjs-node` work: finds or installs the native TensorFlow library, builds the addon,
 * and sets the fastest tfjs backend that can be had.
 *
 * @example
 * import * as tf from '@tensorflow/tfjs-core';
 * import { loadBackend } from '@arctic/runtime';
 *
 * const report = await loadBackend();
 * tf.getBackend() === report.backend; // true: 'tensorflow', or 'cpu' with report.reason and report.remedy
 *
 * @module
 */
export { loadBackend } from './load-backend.js';
export type { LoadBackendOptions } from './load-backend.js';
export type { BackendReport } from './backend-report.js';

export { install } from './install.js';
export type { InstallOptions } from './install.js';
export type { InstalledAddon } from './addon.js';
export type { Transfer } from './fetch-wheel.js';
export type { LibraryOrigin, TensorFlowLibrary } from './library.js';

export { doctor, formatDoctorReport } from './doctor.js';
export type { DoctorReport } from './doctor.js';
export type { DoctorCheck } from './doctor-check.js';

export { uninstall } from './uninstall.js';
export type { UninstallOptions, UninstallReport } from './uninstall.js';

export { recommendedEnv } from './environment.js';

export { RuntimeError, isRuntimeError } from './errors.js';
export type { RuntimeErrorKind } from './errors.js';

export type { CommandResult, RunOptions, System } from './system.js';
