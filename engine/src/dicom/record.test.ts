import { readFileSync } from 'node:fs';
import dcmjs from 'dcmjs';
import { describe, expect, it } from 'vitest';
import { ROLE_IDS } from '../domains';
import { METHODS } from '../methods';
import { derivation } from '../testing/derivation';
import { referenceInstances } from '../testing/reference';
import type { Dataset } from './Dataset';
import { derivedSeries } from './derivedSeries';
import { type Derivation, readRecord, recordText } from './record';
import { writePart10 } from './writePart10';

/** Four sources, each moved; a name in two scripts with a quotation mark and a backslash. */
const full = derivation({
  sources: (['t1', 't1ce', 't2', 'flair'] as const).map((contrast, n) => ({
    contrast,
    SeriesInstanceUID: `2.25.${'9'.repeat(58)}${n}`,
    images: 192,
    sha256: 'f'.repeat(64),
  })),
  registration: (['t1ce', 't2', 'flair'] as const).map(contrast => ({
    contrast,
    millimetres: 1.2345678901234567,
    degrees: 0.1234567890123456,
    transform: Array.from({ length: 16 }, (_, n) => -Math.PI / (n + 1)),
  })),
  bundle: { ...derivation().bundle, name: 'Größe "脳" \\ CDM' },
});

const instance = (made: Derivation) =>
  derivedSeries({
    stored: new Uint16Array(12),
    reference: referenceInstances(1),
    sources: referenceInstances(1),
    seriesNumber: 901,
    derivation: made,
    now: new Date(),
  })[0];

const read = (dataset: Dataset) => readRecord(dataset, METHODS, ROLE_IDS);
const readText = (text: string) => read({ DerivationAlgorithmSequence: [{ AlgorithmParameters: text }] });

describe('the record', () => {
  it('comes back whole from a written file', () => {
    const { dict } = dcmjs.data.DicomMessage.readFile(writePart10(instance(full)));
    expect(read(dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict))).toEqual(full);
  });

  it('comes back from the dataset itself, with one item held without a list too', () => {
    const dataset = instance(derivation());
    expect(read(dataset)).toEqual(derivation());
    const [item] = dataset.DerivationAlgorithmSequence as object[];
    expect(read({ DerivationAlgorithmSequence: item })).toEqual(derivation());
  });

  it('keeps the parameters of a target', () => {
    const made = derivation({ parameters: { dose: 0.1 } });
    expect(readText(recordText(made))).toEqual(made);
  });

  it('fits an LT, and is in no need of a name', () => {
    expect(recordText(full).length).toBeLessThan(10240);
    expect(recordText(full)).not.toContain('PatientName');
  });

  it('is undefined where there is none, or another algorithm’s', () => {
    expect(read({})).toBeUndefined();
    expect(read(referenceInstances(1)[0])).toBeUndefined();
    expect(read({ DerivationAlgorithmSequence: [{ AlgorithmParameters: '{"seed":1}' }] })).toBeUndefined();
  });

  it.each([
    ['another version', (text: string) => text.replace('record/2', 'record/9'), '"format"'],
    ['a changed field', (text: string) => text.replace('"seed":17', '"seed":-1'), '"seed"'],
    ['a lost field', (text: string) => text.replace('"reference":"t1",', ''), '"reference"'],
    ['a lost option', (text: string) => text.replace('"steps":10,', ''), '"method.options.steps"'],
    ['of no method that is known', (text: string) => text.replace('"cdm"', '"magic"'), '"method.id"'],
    ['no JSON', (text: string) => text.slice(0, -5), 'record/whole'],
  ])('is refused when it is %s', (_, change, field) => {
    const reading = () =>
      read({
        DerivationAlgorithmSequence: [{ AlgorithmParameters: change(recordText(derivation())) }],
      });
    expect(reading).toThrow(expect.objectContaining({ code: 'record-invalid' }));
    expect(reading).toThrow(`record/unreadable(${field}, `);
  });
});

describe('a record of format 1', () => {
  const written = readFileSync(
    new URL('../../../tests/fixtures/records/format-1.json', import.meta.url),
    'utf8',
  );

  it('is read as one of this format, its options under the names that they have now', () => {
    const { format: _, samples, steps, guidance, ...others } = JSON.parse(written);
    expect([samples, steps, guidance]).toEqual([3, 10, 'diffusion']);
    expect(readText(written)).toEqual({
      ...others,
      method: { id: 'cdm', options: { samples: 3, steps: 10, conditioning: 'diffusion' } },
    });
  });

  it('is refused without one of its options', () => {
    expect(() => readText(written.replace('"steps":10,', ''))).toThrow(
      'record/unreadable("method.options.steps", ',
    );
  });
});
