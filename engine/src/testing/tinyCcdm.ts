import type { Network } from '../inference/Runtime';
import type { CcdmManifest } from '../methods/ccdm/manifest';
import { tinyFields } from './tinyFields';

/** A valid manifest of a small bundle of the method `ccdm`, its file empty of meaning. */
export function tinyCcdmManifest(): CcdmManifest {
  return {
    ...tinyFields(['dose']),
    id: 'tiny-ccdm',
    method: 'ccdm',
    roles: ['t1', 't1ce-low', 't1ce'],
    grid: { spacing: [4, 4, 4], size: [40, 36], slab: 4, neighbours: 1 },
    sources: ['t1', 't1ce-low'],
    target: 't1ce',
    dose: { least: 0.05, usual: 0.25 },
    simulation: { repetition: 0.008, flip: 15, rest: 1.2, no_signal: 0, darkest: 0.1, saturated: 0.95 },
    uncertainty: { factor: 2 },
    alpha_bar: [0.1, 0.9],
    networks: { dose: { inputs: {}, outputs: {}, flops: 100 } },
  };
}

/**
 * A network that scales the difference of the middle slices by the dose, with an error of 0.02; half of what
 * is noisy is residual.
 * @param onRun hears of the dose and the share of signal of each run
 */
export function fakeDose(
  { grid }: CcdmManifest,
  onRun: (dose: number, share: number) => void = () => {},
): Network {
  const plane = grid.size[0] * grid.size[1];
  const near = 2 * grid.neighbours + 1;
  return {
    async run({ images, noisy, condition }) {
      const [dose, share] = condition.data;
      onRun(dose, share);
      const mean = noisy.data.map((v, i) => {
        const at = Math.floor(i / plane) * 2 * near * plane + grid.neighbours * plane + (i % plane);
        const t1 = images.data[at];
        return t1 + (images.data[at + near * plane] - t1) / dose + 0.01 * v;
      });
      const { dims } = noisy;
      return {
        mean: { dims, data: mean },
        scale: { dims, data: new Float32Array(mean.length).fill(0.02) },
        residual: { dims, data: noisy.data.map(v => v / 2) },
      };
    },
    async release() {},
  };
}
