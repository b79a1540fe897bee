import { AxeBuilder } from '@axe-core/playwright';
import type { SynthesisPage } from './SynthesisPage';

/** Serious and critical findings of axe in the panel, or in another part of the page. */
export async function findings({ page }: SynthesisPage, part = 'synthesis-panel'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .include(`[data-cy="${part}"]`)
    .setLegacyMode()
    .analyze();
  return violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .flatMap(v => v.nodes.map(node => `${v.id}: ${node.html}`));
}
