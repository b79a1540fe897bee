import { synthesizingEquipment } from '@modality-synthesis/engine';
import type { Instance } from './types';

export const DEFAULT_MARK = 'SYNTHETIC · {model} · not for primary diagnosis';

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
  const source = synthesizingEquipment(instance) ?? (instance.Manufacturer === OURS ? instance : undefined);
  const name = source?.ManufacturerModelName ?? source?.Manufacturer;
  return typeof name === 'string' && name.trim() ? name.trim() : undefined;
}
