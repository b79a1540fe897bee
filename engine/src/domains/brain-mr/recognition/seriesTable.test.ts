import { describe, expect, it } from 'vitest';
import { measure } from '../../../testing/measure';
import { PARTS, readSeriesTable } from '../../../testing/seriesTable';

describe.each(PARTS)('recognize on the %s series of the table', part => {
  const measured = measure(readSeriesTable(part));

  it('is right for at least 97 % of them', () => {
    expect(measured.rows).toBeGreaterThan(400);
    expect(measured.right / measured.rows).toBeGreaterThanOrEqual(0.97);
  });

  it('takes no excluded kind as a source', () => {
    expect(measured.leaks).toEqual([]);
  });
});
