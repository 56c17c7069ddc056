// Downloads argv[2] to argv[3]; run as a process of its own that a test kills.
import { downloadFile } from '../../src/download/download-file.js';

const [, , url = '', path = ''] = process.argv;
await downloadFile(url, path);
