import { describe, expect, it } from 'vitest';
import { heldBackSources, readSeriesTable } from './seriesTable';

describe('the table of series descriptions', () => {
  const known = readSeriesTable('known');
  const heldBack = readSeriesTable('held-back');
  const all = [...known, ...heldBack];

  it('is split by source alone', () => {
    const held = heldBackSources(all);
    expect(known.filter(row => held.has(row.source))).toEqual([]);
    expect(heldBack.filter(row => !held.has(row.source))).toEqual([]);
    expect(heldBack.length).toBeGreaterThan(all.length / 3);
  });

  it('is as wide as it claims', () => {
    expect(all.length).toBeGreaterThan(300);
    expect(new Set(all.map(row => row.language)).size).toBeGreaterThanOrEqual(6);
    const vendors = ['siemens', 'ge', 'philips', 'canon', 'toshiba', 'hitachi', 'uih'];
    const named = all.map(row => String(Object(row.tags).Manufacturer ?? '').toLowerCase());
    for (const vendor of vendors) expect(named.some(name => name.startsWith(vendor))).toBe(true);
  });
});
