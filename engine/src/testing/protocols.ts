import { readFileSync } from 'node:fs';
import type { SeriesAttributes } from '../dicom/seriesAttributes';
import type { RoleId } from '../domains/Role';

/** A published protocol, one series; tests/fixtures/protocols/README.md. */
export interface Protocol {
  vendor: string;
  source: string;
  /** Whether the source was read when the row was written. */
  read: boolean;
  want: RoleId | null;
  tags: SeriesAttributes;
}

export function readProtocols(): Protocol[] {
  const file = new URL('../../../tests/fixtures/protocols/protocols.jsonl', import.meta.url);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Protocol);
}
