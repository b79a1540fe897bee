import type { Instance } from './types';

export const DEFAULT_MARK = 'SYNTHETIC · {model} · not for primary diagnosis';

/** (109100, DCM, "Synthesizing Equipment"), CID 7005. */
const SYNTHESIZING_EQUIPMENT = '109100';
const OURS = 'ohif-modality-synthesis';

/**
 * The words of the mark on an image.
 * @param template a site's words, `{model}` standing for what synthesized the image. Without a letter or digit in it the
 *   default is used: the words can be changed, the mark cannot be removed
 */
export function markWords(instance: Instance, template = DEFAULT_MARK): string {
  const chosen = /[\p{L}\p{N}]/u.test(template.replaceAll('{model}', '')) ? template : DEFAULT_MARK;
  const model = synthesizer(instance);
  // A model that nobody named leaves no hole between two separators.
  return model ? chosen.replaceAll('{model}', model) : chosen.replaceAll(/\s*[·,;|-]?\s*\{model\}/g, '');
}

/** ManufacturerModelName of the equipment that synthesized an image; of no scanner that acquired its sources. */
function synthesizer(instance: Instance): string | undefined {
  const equipment = items(instance.ContributingEquipmentSequence).find(item =>
    items(item.PurposeOfReferenceCodeSequence).some(code => code.CodeValue === SYNTHESIZING_EQUIPMENT),
  );
  const source = equipment ?? (instance.Manufacturer === OURS ? instance : undefined);
  const name = source?.ManufacturerModelName ?? source?.Manufacturer;
  return typeof name === 'string' && name.trim() ? name.trim() : undefined;
}

/** Items of a sequence; naturalized datasets hold a single item with or without a list around it. */
function items(sequence: unknown): Instance[] {
  if (typeof sequence !== 'object' || sequence === null) return [];
  return (Array.isArray(sequence) ? sequence : [sequence]) as Instance[];
}
