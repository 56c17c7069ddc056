// Lets a worker thread load the sources of this app: `--import tsx` does so in the main thread only.
import { register } from 'tsx/esm/api';

register();
