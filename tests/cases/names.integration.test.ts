/** Attributes of single series from public reports, with the role that a radiographer would give them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { domainOf } from '../../engine/src/domains';
import { REPORTED } from './buildCase';

const file = path.join(REPORTED, 'names.jsonl');

it.skipIf(!existsSync(file))(
  'series of public reports have the role of their name, or are asked about',
  () => {
    const rows = readFileSync(file, 'utf8').trim().split('\n');
    const told = rows.map(row => {
      const { want, ...tags } = JSON.parse(row);
      const series = { SeriesInstanceUID: '1', attributes: { Modality: 'MR', ...tags } };
      const [{ role, confidence }] = domainOf().recognize([series]);
      return { name: tags.SeriesDescription, want, role: role ?? 'none', confidence };
    });
    const wrong = told.filter(({ want, role, confidence }) => role !== want && confidence !== 'low');
    expect(wrong.filter(({ confidence }) => confidence === 'high')).toEqual([]);
    expect(wrong.length, JSON.stringify(wrong)).toBeLessThanOrEqual(0.04 * rows.length);
  },
);
