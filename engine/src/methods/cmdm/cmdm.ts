import type { Method } from '../Method';
import de from './de.json';
import { en, message } from './en';
import { type CmdmManifest, cmdmManifestSchema, PRIOR, REFINE } from './manifest';
import { type CmdmOptions, options, settings } from './options';
import { synthesize } from './synthesize';

/**
 * A cascaded multi-path shortcut diffusion model (arXiv 2405.12223): the mean of a C-UNet is noised a little
 * and denoised on several paths, which gives it the texture that a mean lacks.
 */
export const cmdm: Method<CmdmManifest, CmdmOptions> = {
  id: 'cmdm',
  bundle: 'cmdm-brain-mr',
  catalogs: { en, de: de satisfies Record<keyof typeof en, string> },
  manifest: cmdmManifestSchema,
  options,
  settings,
  stages: [{ id: 'refinement', weight: 1, text: ({ done, of }) => message('cmdm/images', { done, of }) }],
  defaults: ({ paths, cascades }) => ({ paths, cascades }),
  details: ({ paths, cascades }, seed) => [
    [message('cmdm/refined'), message('cmdm/refined-value', { paths, cascades, seed })],
    [message('cmdm/good-for'), message('cmdm/good-for-value')],
    [message('cmdm/not-for'), message('cmdm/not-for-value')],
  ],
  networks: () => [PRIOR, REFINE],
  flops({ networks, grid, alpha_bar }, { wanted }, _, targets, { paths, cascades }) {
    const steps = targets.length * cascades * paths * alpha_bar.length;
    return Math.ceil(wanted / grid.slab) * (networks[PRIOR].flops + steps * networks[REFINE].flops);
  },
  run: job => synthesize(job),
};
