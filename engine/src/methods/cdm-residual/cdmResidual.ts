import * as z from 'zod/mini';
import type { Method } from '../Method';
import de from './de.json';
import { en, message } from './en';
import { networkNames, type ResidualManifest, residualManifestSchema } from './manifest';
import { synthesize } from './synthesize';

const options = z.strictObject({});

/**
 * The Cross-conditioned Diffusion Model with one C-UNet for all targets. Its mean needs no diffusion; samples
 * of the residual are not made yet.
 */
export const cdmResidual: Method<ResidualManifest, z.infer<typeof options>> = {
  id: 'cdm-residual',
  bundle: 'cdm-residual-brain-mr',
  catalogs: { en, de: de satisfies Record<keyof typeof en, string> },
  manifest: residualManifestSchema,
  options,
  settings: {},
  stages: [{ id: 'images', weight: 1, text: ({ done, of }) => message('cdm-residual/images', { done, of }) }],
  defaults: () => ({}),
  details: () => [],
  networks: ({ members }) => networkNames(members),
  flops({ networks, grid, members }, { wanted }) {
    const slab = networkNames(members).reduce((sum, name) => sum + networks[name].flops, 0);
    return Math.ceil(wanted / grid.slab) * slab;
  },
  run: synthesize,
};
