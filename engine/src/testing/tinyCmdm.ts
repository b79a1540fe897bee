import type { Network } from '../inference/Runtime';
import type { CmdmManifest } from '../methods/cmdm/manifest';
import { tinyFields } from './tinyFields';

/** A valid manifest of a small bundle of the method `cmdm`, its files empty of meaning. */
export function tinyCmdmManifest(): CmdmManifest {
  const roles = ['t1', 't1ce', 't2'];
  const factors = (value: number) => Object.fromEntries(roles.map(role => [role, value]));
  return {
    ...tinyFields(['cunet-0', 'refine']),
    id: 'tiny-cmdm',
    method: 'cmdm',
    roles,
    grid: { spacing: [4, 4, 4], size: [40, 36], slab: 4, neighbours: 1 },
    lesions: ['none', 'oedema', 'enhancing'],
    indeterminate: { t1ce: { above: 0.5, text: 'It cannot be told.' } },
    deviation: 1.5,
    noise_level: {
      mean: factors(-4.5),
      covariance: Object.fromEntries(roles.map(role => [role, { ...factors(0.2), [role]: 0.3 }])),
    },
    paths: 2,
    cascades: 2,
    alpha_bar: [0.5, 0.9],
    uncertainty: { paths: factors(2), prior: factors(3) },
    networks: {
      'cunet-0': { inputs: {}, outputs: {}, flops: 100 },
      refine: { inputs: {}, outputs: {}, flops: 10 },
    },
  };
}

/**
 * A C-UNet whose mean is 0.4, 0.5, 0.6 by role with an error of 0.02 and a lesion in all of the image; and a
 * network that takes a share of the noisy residual, and 1 more, for the residual.
 * @param onRefine hears of the first target and the share of signal of each run
 */
export function fakeCmdm(
  { grid, roles, lesions }: CmdmManifest,
  share: number,
  onRefine: (target: number, signal: number) => void = () => {},
): (name: string) => Network {
  const [rows, columns] = grid.size;
  const plane = rows * columns;
  const release = async () => {};
  const dims = (channels: number) => [grid.slab, channels, rows, columns];
  const filled = (value: (channel: number) => number) => ({
    dims: dims(roles.length),
    data: Float32Array.from({ length: grid.slab * roles.length * plane }, (_, i) =>
      value(Math.floor(i / plane) % roles.length),
    ),
  });
  const lesion = {
    dims: [grid.slab, lesions.length, rows / 2, columns / 2],
    data: Float32Array.from({ length: (grid.slab * lesions.length * plane) / 4 }, (_, i) =>
      Math.floor(i / (plane / 4)) % lesions.length ? 0.4 : 0.2,
    ),
  };
  const prior: Network = {
    run: async () => ({ mean: filled(role => 0.4 + 0.1 * role), scale: filled(() => 0.02), lesion }),
    release,
  };
  const refine: Network = {
    async run({ noisy, target, signal }) {
      onRefine(target.data.indexOf(1), signal.data[0]);
      return { residual: { dims: dims(1), data: noisy.data.map(v => 1 + share * v) } };
    },
    release,
  };
  return name => (name === 'refine' ? refine : prior);
}
