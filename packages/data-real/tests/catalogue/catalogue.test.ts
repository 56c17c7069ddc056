import { describe, expect, it } from 'vitest';
import { catalogue, sourceEntry } from '../../src/catalogue.js';

describe('the catalogue', () => {
  it('has every source once', () => {
    const names = catalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual([
      'aari-charts',
      'cis-charts',
      'dmi-charts',
      'esa-cci-sic',
      'g02202',
      'g10016',
      'modis',
      'nic-charts',
      'nsidc-0051',
      'nsidc-0081',
      'osi-saf',
      'sea-ice-index',
      'sentinel-1-grd',
      'sentinel-2',
    ]);
  });
  it.each(catalogue.map((entry) => [entry.name, entry] as const))(
    '%s is complete',
    (_name, entry) => {
      for (const text of [entry.title, entry.what, entry.variable, entry.licence, entry.access]) {
        expect(text.length).toBeGreaterThan(10);
      }
      expect(entry.formats.length * entry.grids.length * entry.kinds.length).toBeGreaterThan(0);
      expect(entry.citation).toBe(entry.products[0]?.citation);
      expect(new Set(entry.products.map(({ name }) => name)).size).toBe(entry.products.length);
      for (const { name, title, years, citation, link } of entry.products) {
        expect(name).toMatch(/^[\w.-]+$/);
        expect(title.length).toBeGreaterThan(5);
        expect(citation).toMatch(/\.|\)/);
        expect(URL.canParse(link)).toBe(true);
        expect(years[0]).toBeGreaterThan(1970);
        expect(years[1] ?? 9999).toBeGreaterThanOrEqual(years[0]);
        // A DOI that is linked is the one that is cited.
        if (link.startsWith('https://doi.org/')) expect(citation).toContain(link);
      }
    },
  );
  it('gives entries by name', () => {
    expect(sourceEntry('osi-saf').products.map(({ name }) => name)).toContain('osi-450-a');
    expect(sourceEntry('g02202').years).toEqual([1978, null]);
    expect(sourceEntry('esa-cci-sic').years).toEqual([1991, 2020]);
    expect(() => sourceEntry('nothing')).toThrow(/nsidc-0081, nsidc-0051/);
  });
});
