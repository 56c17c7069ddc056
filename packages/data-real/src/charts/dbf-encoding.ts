/** Code pages of the .dbf header's language byte that are not windows-1252, as TextDecoder has them. */
const LANGUAGE: Readonly<Record<number, string>> = {
  0x13: 'shift_jis',
  0x26: 'ibm866',
  0x4d: 'gbk',
  0x4e: 'euc-kr',
  0x4f: 'big5',
  0x65: 'ibm866',
  0x7b: 'shift_jis',
  0xc8: 'windows-1250',
  0xc9: 'windows-1251',
  0xca: 'windows-1254',
  0xcb: 'windows-1253',
  0xcc: 'windows-1257',
};

/** A function from bytes to text. */
export type TextOf = (bytes: Uint8Array) => string;

/**
 * Decodes text of a .dbf: by the .cpg beside it, else as UTF-8 where the bytes are that, else by
 * the language byte of the header, else as windows-1252.
 */
export function dbfText(cpg: string | undefined, language: number): TextOf {
  const named = cpg === undefined ? undefined : decoderOf(cpg);
  if (named) return (bytes) => named.decode(bytes);
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const other = new TextDecoder(LANGUAGE[language] ?? 'windows-1252');
  return (bytes) => {
    try {
      return utf8.decode(bytes);
    } catch {
      return other.decode(bytes);
    }
  };
}

/** A decoder of what stands in a .cpg: `UTF-8`, `1252`, `ANSI 1251`, `CP866`, `ISO 8859-1`, `88591`, `65001`. */
function decoderOf(cpg: string): InstanceType<typeof TextDecoder> | undefined {
  const name = cpg.trim().toLowerCase();
  const digits = name.replace(/\D/g, '');
  const iso = /^8859(\d{1,2})$/.exec(digits);
  const label =
    digits === '65001' || digits === '8'
      ? 'utf-8'
      : iso
        ? `iso-8859-${iso[1]}`
        : digits === '866'
          ? 'ibm866'
          : /^(874|125\d)$/.test(digits)
            ? `windows-${digits}`
            : digits === '932'
              ? 'shift_jis'
              : digits === '936'
                ? 'gbk'
                : name;
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
