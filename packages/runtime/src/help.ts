/** What `arctic-runtime --help` prints. */
export const HELP = `arctic-runtime: makes @tensorflow/tfjs-node work on this machine.

Usage
  arctic-runtime install [--from PATH | --origin LIST] [--gpu] [--version X] [--force] [--json]
  arctic-runtime doctor [--json]
  arctic-runtime uninstall [--all] [--dry-run] [--json]

install    Finds a TensorFlow library or fetches one (274 MB), builds the Node addon for it (10 s, needs a
           C++ compiler), checks that it calculates right, and keeps it in the user's cache. Safe to run
           again: what is there is kept, and a download that was interrupted goes on where it stopped.
doctor     Looks at everything the native backend needs, changes nothing, and names the command that mends
           each fault.
uninstall  Removes the addon in use, its library if install fetched it, and what interrupted downloads left,
           and says how much it was.

Options of install
  --from PATH    The library itself, for a machine without a network. No Python is needed. PATH is
                   a wheel of tensorflow or tensorflow-cpu for this platform,
                   a folder with such a wheel in it, or
                   a folder with libtensorflow_cc, libtensorflow_framework and include/, used where it lies
  --origin LIST  Where the library may come from, separated by commas. Default: folder,cache,python,download
                   folder    the folder named by ARCTIC_TENSORFLOW_DIR
                   cache     what an earlier install fetched
                   python    a Python environment with TensorFlow 2.20 or later (the active one, or python3)
                   download  TensorFlow's wheel from the user's package index, checked by SHA-256
  --gpu          The CUDA build and no other; where it is fetched, with NVIDIA's libraries (3.4 GB)
  --version X    This release of TensorFlow and no other. 2.21.0 is pinned by SHA-256; for others the hash
                 that the index gives is checked
  --force        Build the addon even where an accepted one is there

Options of uninstall
  --all          The whole cache folder, other releases and platforms too
  --dry-run      Say what would be removed

Options of all
  --json         Print the result as JSON; install prints its progress as lines of JSON to stderr
  -h, --help     Print this text

Environment
  ARCTIC_TENSORFLOW_DIR  use the TensorFlow library in this folder and no other
  ARCTIC_BACKEND         'js' makes apps use the JavaScript backend
  CXX                    the C++ compiler
  XDG_CACHE_HOME         where caches lie (default ~/.cache); this one is arctic-runtime/ below it
  PIP_INDEX_URL, ...     and pip's other settings: they count for the download

Exit codes
  0  done, or all is well      2  something is wrong, and the last line says what
  130, 143  interrupted: run it again, and it goes on

Examples
  npx arctic-runtime install
  npx arctic-runtime install --from ./tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl
  npx arctic-runtime doctor --json
  node --import @arctic/runtime/register app.js     an unmodified program that uses @tensorflow/tfjs-node
`;
