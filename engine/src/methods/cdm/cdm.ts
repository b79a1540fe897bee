import * as z from 'zod/mini';
import { count } from '../../bundle/fields';
import type { Method, TargetParameters } from '../Method';
import de from './de.json';
import { en, message } from './en';
import { type CdmManifest, cdmManifestSchema, networkNames, SAMPLING } from './manifest';
import { synthesize } from './synthesize';

const options = z.strictObject({});

/** Of version 0, which averaged samples. */
const earlierOptions = z.looseObject({ samples: count, steps: count });

/** Most of a target that a person may choose from. */
const SAMPLES = 16;

/**
 * The Cross-conditioned Diffusion Model with one C-UNet for all targets. Its mean needs no diffusion; on
 * request a target gets a sample of what the mean leaves open.
 */
export const cdm: Method<CdmManifest, z.infer<typeof options>> = {
  id: 'cdm',
  bundle: 'cdm-brain-mr',
  catalogs: { en, de: de satisfies Record<keyof typeof en, string> },
  manifest: cdmManifestSchema,
  options,
  earlierOptions,
  served: true,
  settings: {},
  stages: [
    { id: 'images', weight: 9, text: ({ done, of }) => message('cdm/images', { done, of }) },
    { id: 'samples', weight: 1, text: ({ done, of }) => message('cdm/samples', { done, of }) },
  ],
  defaults: () => ({}),
  details: (_, seed, { parameters }) => (parameters?.sample ? [[message('cdm/seed'), `${seed}`]] : []),
  parameters: ({ diffusion }): TargetParameters =>
    diffusion
      ? { sample: { label: message('cdm/sample'), min: 0, max: SAMPLES, whole: true, default: 0 } }
      : {},
  networks: ({ members }, _, targets) => [
    ...networkNames(members),
    ...(targets.some(({ parameters }) => parameters?.sample) ? SAMPLING : []),
  ],
  flops({ networks, grid, members }, { wanted }) {
    const slab = networkNames(members).reduce((sum, name) => sum + networks[name].flops, 0);
    return Math.ceil(wanted / grid.slab) * slab;
  },
  run: job => synthesize(job),
};
