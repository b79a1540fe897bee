import dcmjs from 'dcmjs';
import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { derivation } from '../testing/derivation';
import { referenceInstances } from '../testing/reference';
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
    volume: { dims: [4, 3, 1], indexToWorld: mat4.create(), data: new Float32Array(12) },
    reference: referenceInstances(1),
    sources: referenceInstances(1),
    seriesNumber: 901,
    derivation: made,
    now: new Date(),
  })[0];

describe('the record', () => {
  it('comes back whole from a written file', () => {
    const { dict } = dcmjs.data.DicomMessage.readFile(writePart10(instance(full)));
    expect(readRecord(dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict))).toEqual(full);
  });

  it('comes back from the dataset itself, with one item held without a list too', () => {
    const dataset = instance(derivation());
    expect(readRecord(dataset)).toEqual(derivation());
    const [item] = dataset.DerivationAlgorithmSequence as object[];
    expect(readRecord({ DerivationAlgorithmSequence: item })).toEqual(derivation());
  });

  it('fits an LT, and is in no need of a name', () => {
    expect(recordText(full).length).toBeLessThan(10240);
    expect(recordText(full)).not.toContain('PatientName');
  });

  it('is undefined where there is none, or another algorithm’s', () => {
    expect(readRecord({})).toBeUndefined();
    expect(readRecord(referenceInstances(1)[0])).toBeUndefined();
    expect(
      readRecord({ DerivationAlgorithmSequence: [{ AlgorithmParameters: '{"seed":1}' }] }),
    ).toBeUndefined();
  });

  it.each([
    ['another version', (text: string) => text.replace('record/1', 'record/9'), '"format"'],
    ['a changed field', (text: string) => text.replace('"seed":17', '"seed":-1'), '"seed"'],
    ['a lost field', (text: string) => text.replace('"steps":10,', ''), '"steps"'],
    ['no JSON', (text: string) => text.slice(0, -5), 'record/whole'],
  ])('is refused when it is %s', (_, change, field) => {
    const reading = () =>
      readRecord({
        DerivationAlgorithmSequence: [{ AlgorithmParameters: change(recordText(derivation())) }],
      });
    expect(reading).toThrow(expect.objectContaining({ code: 'record-invalid' }));
    expect(reading).toThrow(`record/unreadable(${field}, `);
  });
});
