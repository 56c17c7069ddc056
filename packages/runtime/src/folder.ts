import { RuntimeError } from './errors.js';
import { missingFrom, type TensorFlowLibrary } from './library.js';
import type { System } from './system.js';

/** Names a folder with the TensorFlow libraries and `include/`; nothing else is looked at then. */
export const FOLDER_VARIABLE = 'ARCTIC_TENSORFLOW_DIR';

/**
 * The library in the folder that the user named, if one is named.
 *
 * @throws RuntimeError of kind `library-missing` where that folder is not a TensorFlow library.
 */
export function namedLibrary(system: System): TensorFlowLibrary | undefined {
  const folder = system.env[FOLDER_VARIABLE];
  if (!folder) return undefined;
  const missing = missingFrom(folder, system);
  if (missing.length > 0) {
    throw new RuntimeError(
      'library-missing',
      `Expected ${FOLDER_VARIABLE} to name a folder with the TensorFlow libraries and include/. ` +
        `Received: ${folder}, which lacks ${missing.join(', ')}.`,
      { remedy: `unset ${FOLDER_VARIABLE} && npx arctic-runtime install` },
    );
  }
  return { folder, origin: 'folder', cuda: false };
}
