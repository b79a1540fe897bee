import type { CommonManifest, Precision } from '../bundle/fields';
import type { NetworkSelection } from '../bundle/loadBundle';
import { checkpoint, SynthesisError } from '../errors';
import { message } from '../messages';
import { counter, type OnStep } from '../progress';
import { mulberry32 } from './mulberry32';
import type { Network, Tensor } from './Runtime';

/**
 * Runs every network once on generated inputs, compares it with the training code, and warms the provider up.
 * @throws SynthesisError `self-test-failed`, naming the first network that computes wrongly; `cancelled`
 */
export async function selfTest(
  wanted: readonly NetworkSelection[],
  precision: Precision,
  network: (name: string) => Network,
  onStep: OnStep = () => {},
  signal?: AbortSignal,
): Promise<void> {
  const all = wanted.flatMap(({ bundle, names }) => names.map(name => ({ bundle, name })));
  const step = counter(onStep, 'check', all.length);
  for (const { bundle, name } of all) {
    await checkpoint(signal);
    const difference = await worstDifference(name, bundle.manifest, network(name));
    // Negated, so that NaN fails.
    if (!(difference <= bundle.manifest.self_test.tolerance[precision])) {
      throw new SynthesisError('self-test-failed', message('provider/self-test-failed', { network: name }), {
        cause: new Error(`${name} differs from its reference by ${difference}`),
      });
    }
    step();
  }
}

/**
 * Largest difference of a network from its self-test, relative to max(1, largest expected output).
 * @returns NaN when an output is NaN, infinity when an output is missing
 */
export async function worstDifference(
  name: string,
  manifest: CommonManifest,
  network: Network,
): Promise<number> {
  const results = await network.run(generatedInputs(manifest, name));
  const differences = Object.entries(manifest.self_test.networks[name]).flatMap(([output, expected]) => {
    const data = results[output]?.data;
    if (!data) return [Number.POSITIVE_INFINITY];
    const size = Math.max(1, ...expected.map(Math.abs));
    const at = (i: number) => data[Math.floor((i * data.length) / expected.length)];
    return expected.map((value, i) => Math.abs(at(i) - value) / size);
  });
  return Math.max(0, ...differences);
}

/** Uniforms in [0, 1) for every input of a network, from one seeded generator for all of them. */
function generatedInputs({ networks, self_test }: CommonManifest, name: string): Record<string, Tensor> {
  const uniform = mulberry32(self_test.seed);
  return Object.fromEntries(
    Object.entries(networks[name].inputs).map(([input, dims]) => {
      const length = dims.reduce((product, n) => product * n, 1);
      return [input, { dims, data: Float32Array.from({ length }, uniform) }];
    }),
  );
}
