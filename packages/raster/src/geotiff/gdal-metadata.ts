/** One item of the GDAL_METADATA tag. */
export interface GdalItem {
  readonly name: string;
  readonly value: string;
  /** Band from 0; null for items of the whole file. */
  readonly band: number | null;
  /** `description`, `scale`, `offset`, `unittype`; null for plain items. */
  readonly role: string | null;
  /** Null for the default domain. */
  readonly domain: string | null;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

/** Items of the XML text in the GDAL_METADATA tag; what is no item is passed over. */
export function parseGdalMetadata(xml: string): GdalItem[] {
  return Array.from(
    xml.matchAll(/<Item\b([^>]*)>([^<]*)<\/Item>/g),
    ([, head = '', value = '']) => {
      const attributes = new Map(
        Array.from(head.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), (match) => [
          match[1] ?? '',
          unescapeXml(match[2] ?? match[3] ?? ''),
        ]),
      );
      const sample = attributes.get('sample');
      const band = sample === undefined ? NaN : Number(sample);
      return {
        name: attributes.get('name') ?? '',
        // GDAL escapes the text itself and again for XML; other writers once, which does no harm.
        value: unescapeXml(unescapeXml(value)),
        band: Number.isInteger(band) && band >= 0 ? band : null,
        role: attributes.get('role') ?? null,
        domain: attributes.get('domain') || null,
      };
    },
  );
}

/** The XML text that GDAL reads; empty without items. */
export function formatGdalMetadata(items: readonly GdalItem[]): string {
  if (items.length === 0) return '';
  const lines = items.map(({ name, value, band, role, domain }) => {
    const attributes = [
      ['name', name],
      ['sample', band],
      ['role', role],
      ['domain', domain],
    ]
      .filter(([, text]) => text !== null)
      .map(([key, text]) => ` ${key}="${escapeXml(String(text))}"`);
    return `  <Item${attributes.join('')}>${escapeXml(escapeXml(value))}</Item>\n`;
  });
  return `<GDALMetadata>\n${lines.join('')}</GDALMetadata>\n`;
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,6}));/gi, (whole, ten, hex, name) => {
    const code = ten ? Number(ten) : hex ? parseInt(hex, 16) : NaN;
    if (code <= 0x10_ffff) return String.fromCodePoint(code);
    return ENTITIES[name] ?? whole;
  });
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
