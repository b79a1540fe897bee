import { readFileSync } from 'node:fs';
import dcmjs from 'dcmjs';
import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import { METHODS } from '../methods';
import { derivation } from '../testing/derivation';
import { referenceInstances } from '../testing/reference';
import type { Dataset } from './Dataset';
import { derivedSeries } from './derivedSeries';
import { type Derivation, readRecord, recordText } from './record';
import { WHOLE_RANGE } from './storedImage';
import { writePart10 } from './writePart10';

/** Four sources, each moved; a name in two scripts with a quotation mark and a backslash. */
const full = derivation({
  sources: (['t1', 't1ce', 't2', 'flair'] as const).map((role, n) => ({
    role,
    SeriesInstanceUID: `2.25.${'9'.repeat(58)}${n}`,
    images: 192,
    sha256: 'f'.repeat(64),
  })),
  registration: (['t1ce', 't2', 'flair'] as const).map(role => ({
    role,
    millimetres: 1.2345678901234567,
    degrees: 0.1234567890123456,
    transform: Array.from({ length: 16 }, (_, n) => -Math.PI / (n + 1)),
  })),
  bundle: { ...derivation().bundle, name: 'Größe "脳" \\ CDM' },
});

const instance = (made: Derivation) =>
  derivedSeries(DOMAINS[0], {
    stored: new Uint16Array(12),
    window: WHOLE_RANGE,
    reference: referenceInstances(1),
    sources: new Map([['t1', referenceInstances(1)]]),
    seriesNumber: 901,
    derivation: made,
    now: new Date(),
  })[0];

const read = (dataset: Dataset) => readRecord(dataset, METHODS, DOMAINS);
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

  it('says which server made it', () => {
    const server = {
      url: 'https://ai.example/triton',
      software: 'triton 2.51.0',
      model: 'tiny',
      version: '2',
      datatype: 'FP16',
    };
    const made = derivation({ runtime: 'open-inference-protocol', provider: 'server', server });
    expect(readText(recordText(made))).toEqual(made);
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
    ['another version', (text: string) => text.replace('record/3', 'record/9'), '"format"'],
    ['a changed field', (text: string) => text.replace('"seed":17', '"seed":-1'), '"seed"'],
    ['a lost field', (text: string) => text.replace('"reference":"t1",', ''), '"reference"'],
    ['an unknown option', (text: string) => text.replace('{}', '{"paths":2}'), '"method.options"'],
    ['of no domain that is known', (text: string) => text.replace('brain-mr', 'abdomen-ct'), '"domain"'],
    ['of a role that its domain lacks', (text: string) => text.replace('"t1ce"', '"pd"'), '"target"'],
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

describe('a record of an earlier format', () => {
  const written = (format: 1 | 2) =>
    readFileSync(new URL(`../../../tests/fixtures/records/format-${format}.json`, import.meta.url), 'utf8');
  /** The same with the names that format 3 has. */
  const renamed = (text: string) => {
    const { format: _, brain: region, ...others } = JSON.parse(text.replaceAll('"contrast":', '"role":'));
    return { ...others, domain: 'brain-mr', region };
  };

  it('is read as one of this format: 2', () => {
    expect(readText(written(2))).toEqual(renamed(written(2)));
  });

  it('is read as one of this format: 1, its options as they are', () => {
    const { samples, steps, guidance, ...others } = renamed(written(1));
    expect([samples, steps, guidance]).toEqual([3, 10, 'diffusion']);
    expect(readText(written(1))).toEqual({
      ...others,
      method: { id: 'cdm', options: { samples, steps, guidance } },
    });
  });

  it.each([
    ['an option', 1, '"steps":10,', '', 'method.options'],
    ['a role', 2, '"contrast":"t1",', '', 'sources.0.role'],
    ['its bundles', 2, '"brain":', '"brian":', 'region'],
    ['its sources', 2, '"sources":[{', '"sources":[null,{', 'sources.0'],
  ] as const)('is refused without %s', (_, format, from, to, field) => {
    expect(() => readText(written(format).replace(from, to))).toThrow(`record/unreadable("${field}`);
  });
});
