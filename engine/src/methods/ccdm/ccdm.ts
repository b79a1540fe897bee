import * as z from 'zod/mini';
import type { Method, TargetParameters } from '../Method';
import de from './de.json';
import { en, message } from './en';
import { type CcdmManifest, ccdmManifestSchema, NETWORK } from './manifest';
import { synthesize } from './synthesize';

const options = z.strictObject({});

/** Most of a target that a person may choose from. */
const SAMPLES = 16;

/**
 * Continuous conditional diffusion (arXiv 2405.03546): the image with the full dose of a contrast agent from
 * one without and one with a smaller dose. Its mean takes one step; on request a target is a sample.
 */
export const ccdm: Method<CcdmManifest, z.infer<typeof options>> = {
  id: 'ccdm',
  bundle: 'ccdm-dose-brain-mr',
  catalogs: { en, de: de satisfies Record<keyof typeof en, string> },
  manifest: ccdmManifestSchema,
  options,
  settings: {},
  stages: [{ id: 'doses', weight: 1, text: ({ done, of }) => message('ccdm/images', { done, of }) }],
  defaults: () => ({}),
  details: () => [[message('ccdm/simulated'), message('ccdm/simulated-dose')]],
  makes: ({ target }) => [target],
  needs: ({ sources }) => sources,
  parameters: ({ target, dose }, id): TargetParameters =>
    id === target
      ? {
          'given-dose': {
            label: message('ccdm/given-dose'),
            unit: '%',
            min: 100 * dose.least,
            max: 100,
            default: 100 * dose.usual,
          },
          dose: {
            label: message('ccdm/dose'),
            unit: '%',
            min: 100 * dose.least,
            max: 100,
            step: 1,
            default: 100,
          },
          sample: { label: message('ccdm/sample'), min: 0, max: SAMPLES, whole: true, default: 0 },
        }
      : {},
  doubts(_, { parameters: { 'given-dose': given = 0, dose = 100 } = {} }) {
    return dose < given ? [message('ccdm/less-than-given', { dose, given })] : [];
  },
  networks: () => [NETWORK],
  flops: ({ networks, grid }, { wanted }) => Math.ceil(wanted / grid.slab) * networks[NETWORK].flops,
  run: synthesize,
};
