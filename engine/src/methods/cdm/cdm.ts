import { type RoleId, roleLabel } from '../../domains/Role';
import type { Method, MethodStage } from '../Method';
import de from './de.json';
import { en, message } from './en';
import { encodeTokens } from './encode';
import { jobFlops } from './flops';
import { type CdmManifest, cdmManifestSchema } from './manifest';
import { type CdmOptions, cdmOptions, defaults, details, settings } from './options';
import { cdmNetworks, synthesizeCdm } from './synthesizeCdm';

/** MRM, MDN and C-UNet; the weights are rounded from the time that a 1 mm job takes on WebAssembly. */
const stages: readonly MethodStage[] = [
  { id: 'tokens', weight: 60, text: ({ done, of }) => message('cdm/tokens', { done, of }) },
  {
    id: 'diffusion',
    weight: 140,
    text: ({ done, of, target }) => message('cdm/diffusion', { target: roleLabel(target!), done, of }),
  },
  { id: 'images', weight: 440, text: ({ done, of }) => message('cdm/images', { done, of }) },
];

/** The Cross-conditioned Diffusion Model. */
export const cdm: Method<CdmManifest, CdmOptions> = {
  id: 'cdm',
  bundle: 'cdm-brain-mr',
  catalogs: { en, de: de satisfies Record<keyof typeof en, string> },
  manifest: cdmManifestSchema,
  options: cdmOptions,
  settings,
  stages,
  defaults,
  details,
  networks: cdmNetworks,
  flops: jobFlops,
  async run({ targets, options, truth, ...job }) {
    const tokens = new Map<RoleId, Float32Array>();
    const ids = targets.map(({ id }) => id);
    if (options.conditioning === 'truth') {
      for (const [n, id] of ids.entries()) {
        const volume = truth?.get(id);
        if (!volume) throw new RangeError('Only an evaluation knows the truth.');
        tokens.set(id, await encodeTokens(id, volume, job, undefined, job.signal));
        job.onStep?.({ stage: 'tokens', done: n + 1, of: ids.length });
      }
    }
    return synthesizeCdm({ ...job, ...options, targets: ids, tokens, deviation: truth !== undefined });
  },
};
