import { MANUFACTURER, synthesizingEquipment } from '@modality-synthesis/engine';
import type { Instance } from '../types';

/** First word of every label on a synthetic image. */
export const SYNTHETIC = 'SYNTHETIC';
const DEFAULT_TEXT = 'SYNTHETIC · {model} · not for primary diagnosis';

/**
 * Text of the watermark on an image.
 * @param template the site's text; `{model}` stands for the model that synthesized the image. Text without a
 *   letter or digit falls back to the default: a site can change the watermark, but not remove it
 */
export function watermarkText(instance: Instance, template = DEFAULT_TEXT): string {
  const chosen = /[\p{L}\p{N}]/u.test(template.replaceAll('{model}', '')) ? template : DEFAULT_TEXT;
  const model = synthesizer(instance);
  // Without a model name its separator goes too.
  return model ? chosen.replaceAll('{model}', model) : chosen.replaceAll(/\s*[·,;|-]?\s*\{model\}/g, '');
}

/** ManufacturerModelName of the synthesizing equipment, not of the scanner that acquired the sources. */
function synthesizer(instance: Instance): string | undefined {
  const source =
    synthesizingEquipment(instance) ?? (instance.Manufacturer === MANUFACTURER ? instance : undefined);
  const name = source?.ManufacturerModelName ?? source?.Manufacturer;
  return typeof name === 'string' && name.trim() ? name.trim() : undefined;
}
