import { recordAttributes } from '@modality-synthesis/engine';
import { derivation } from '@modality-synthesis/engine/testing/derivation';
import { describe, expect, it } from 'vitest';
import { mayBeMade, recordOf } from './madeSeries';

const made = derivation();
const [{ AlgorithmParameters }] = recordAttributes(made).DerivationAlgorithmSequence as Record<
  string,
  string
>[];
const withRecord = (text: string) => ({ '00221612': { Value: [{ '00660032': { Value: [text] } }] } });

describe('recordOf', () => {
  it('reads the record as DICOM JSON has it', () => {
    expect(recordOf(withRecord(AlgorithmParameters))).toEqual(made);
  });

  it.each([
    ['no record', {}],
    ['one of another software', withRecord('{}')],
    ['a damaged one', withRecord(AlgorithmParameters.slice(0, -20))],
  ])('finds none in an image with %s', (_, json) => expect(recordOf(json)).toBeUndefined());
});

it.each([
  ['SYNTHETIC FLAIR (CDM)', true],
  ['Synthetic T1', true],
  ['AX T2 FLAIR', false],
  ['SYNTHETICA', false],
])('%s: %s', (SeriesDescription, expected) => {
  const series = { SeriesInstanceUID: '1', Modality: 'MR', SeriesDescription, instances: 1 };
  expect(mayBeMade(series)).toBe(expected);
});
