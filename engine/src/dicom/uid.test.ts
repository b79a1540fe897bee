import { describe, expect, it } from 'vitest';
import { newUid } from './uid';

describe('newUid', () => {
  it('is a valid UID under 2.25', () => {
    for (let n = 0; n < 200; n++) expect(newUid()).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
  });

  it('is new each time', () => {
    expect(new Set(Array.from({ length: 200 }, newUid)).size).toBe(200);
  });
});
