import { expect, it } from 'vitest';
import { watermarkText } from './watermarkText';

const ours = { Manufacturer: 'ohif-modality-synthesis', ManufacturerModelName: 'CDM brain MR' };
const equipment = (code: string) => ({
  PurposeOfReferenceCodeSequence: [{ CodeValue: code, CodingSchemeDesignator: 'DCM' }],
  Manufacturer: 'Other',
  ManufacturerModelName: 'Other model',
});
const scanner = { Manufacturer: 'SIEMENS', ManufacturerModelName: 'Skyra' };

it('names the model that made the image, and what it is not for', () => {
  expect(watermarkText(ours)).toBe('SYNTHETIC · CDM brain MR · not for primary diagnosis');
});

it('names the synthesizing equipment of other software, but no scanner', () => {
  const other = { ...scanner, ContributingEquipmentSequence: [equipment('109102'), equipment('109100')] };
  expect(watermarkText(other)).toContain('Other model');
  expect(watermarkText({ ...scanner, ContributingEquipmentSequence: equipment('109100') })).toContain(
    'Other model',
  );
  expect(watermarkText({ ...scanner, ContributingEquipmentSequence: [equipment('109102')] })).toBe(
    'SYNTHETIC · not for primary diagnosis',
  );
  expect(watermarkText(scanner)).toBe('SYNTHETIC · not for primary diagnosis');
});

it("takes a site's text", () => {
  expect(watermarkText(ours, 'SYNTHETISCH ({model}), nicht zur Befundung')).toBe(
    'SYNTHETISCH (CDM brain MR), nicht zur Befundung',
  );
});

it.each(['', ' ', '\u200b\u00a0', '·', '{model}', ' {model} '])('takes %j for no text', text => {
  expect(watermarkText(ours, text)).toBe(watermarkText(ours));
});
