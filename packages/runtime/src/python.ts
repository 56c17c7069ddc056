import { join } from 'node:path';
import type { TensorFlowLibrary } from './library.js';
import { missingFrom } from './library.js';
import type { System } from './system.js';
import { isUsableVersion } from './versions.js';

/** A Python that runs, and the TensorFlow it sees. */
export interface PythonEnvironment {
  readonly command: string;
  readonly version: string;
  /** Version of pip, where this Python has one. */
  readonly pip?: string;
  readonly tensorflow?: {
    readonly folder: string;
    readonly version: string;
    readonly cuda: boolean;
  };
}

// Finds TensorFlow without importing it: an import takes seconds and may crash.
const PROBE = `
import importlib.metadata as metadata, importlib.util, json, os, platform
def version(*names):
    for name in names:
        try: return metadata.version(name)
        except metadata.PackageNotFoundError: pass
report = {"version": platform.python_version(), "pip": version("pip")}
spec = importlib.util.find_spec("tensorflow")
if spec and spec.submodule_search_locations:
    folder = list(spec.submodule_search_locations)[0]
    build = os.path.join(folder, "python", "platform", "build_info.py")
    text = open(build).read().replace('"', "'") if os.path.exists(build) else ""
    report["tensorflow"] = {
        "folder": folder,
        "version": version("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos") or "unknown",
        "cuda": "'is_cuda_build', True" in text or "'is_cuda_build': True" in text,
    }
print(json.dumps(report))
`;

/** Commands to try: the active virtual environment, the active conda environment, then the PATH. */
export function pythonCommands(system: System): string[] {
  const { VIRTUAL_ENV, CONDA_PREFIX } = system.env;
  const active = [VIRTUAL_ENV, CONDA_PREFIX].filter(
    (prefix) => prefix !== undefined && prefix !== '',
  );
  return [...active.map((prefix) => join(prefix ?? '', 'bin', 'python')), 'python3', 'python'];
}

/** The Pythons that run here, each asked once, in search order. */
export async function* pythonEnvironments(system: System): AsyncGenerator<PythonEnvironment> {
  for (const command of pythonCommands(system)) {
    const { code, stdout } = await system.run(command, ['-c', PROBE]);
    if (code !== 0) continue;
    // Printed by PROBE; pip is null where it is missing.
    const report = JSON.parse(stdout) as Omit<PythonEnvironment, 'command'>;
    yield { ...report, command };
  }
}

/** The library inside a Python environment, if its release is one that the addon can use. */
export function pythonLibrary(
  { tensorflow }: PythonEnvironment,
  system: System,
): TensorFlowLibrary | undefined {
  if (!tensorflow) return undefined;
  if (!isUsableVersion(tensorflow.version)) return undefined;
  if (missingFrom(tensorflow.folder, system).length > 0) return undefined;
  return { ...tensorflow, origin: 'python' };
}
