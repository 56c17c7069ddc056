import { writeFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';

/** Writes a zip archive with these files, every other one stored without compression. */
export function writeZip(path: string, files: Readonly<Record<string, string>>): void {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  Object.entries(files).forEach(([name, text], i) => {
    const content = Buffer.from(text);
    const packed = i % 2 === 0 ? deflateRawSync(content) : content;
    const about = Buffer.alloc(22); // from "method" to "extra length"
    about.writeUInt16LE(i % 2 === 0 ? 8 : 0, 0);
    about.writeUInt32LE(crc32(content), 6);
    about.writeUInt32LE(packed.length, 10);
    about.writeUInt32LE(content.length, 14);
    about.writeUInt16LE(Buffer.byteLength(name), 18);
    const local = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0'), about, Buffer.from(name)]);
    const tail = Buffer.alloc(14); // comment length, disk, attributes, offset
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0\x14\0\0\0'), about, tail, Buffer.from(name));
    parts.push(local, packed);
    offset += local.length + packed.length;
  });
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  writeFileSync(path, Buffer.concat([...parts, ...directory, end]));
}

/** Files of a wheel of TensorFlow, as small as can be. */
export function tensorflowWheel({
  version = '2.21.0',
  tag = 'cp311-cp311-manylinux_2_27_x86_64',
  cuda = false,
} = {}): Record<string, string> {
  return {
    'tensorflow/libtensorflow_cc.so.2': 'C API '.repeat(1000),
    'tensorflow/libtensorflow_framework.so.2': 'framework '.repeat(1000),
    'tensorflow/include/tensorflow/c/c_api.h': '// header',
    'tensorflow/include/eigen/Core': '// not needed',
    'tensorflow/python/platform/build_info.py': `'is_cuda_build', ${cuda ? 'True' : 'False'}`,
    [`tensorflow-${version}.dist-info/WHEEL`]: `Wheel-Version: 1.0\nTag: ${tag}\n`,
  };
}
