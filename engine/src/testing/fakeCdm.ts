import { type Network, type Tensor, tensor } from '../inference/Runtime';
import type { CdmManifest } from '../methods/cdm/manifest';

/** One run of a fake network. */
export interface Call {
  name: string;
  feeds: Readonly<Record<string, Tensor>>;
}

/**
 * Networks of a CDM bundle that can be followed by hand: the MRM gives 1s, the MDN what is noisy, and
 * member k decodes
 * 0.1 (k + 1) + 0.01 * first token + 0.001 * certainty, with a scale of 0.02 (k + 1); its enhancement
 * has a probability of 0.2 (k + 1).
 * @param calls hears of every run
 */
export function fakeCdm(
  { grid, tokens }: CdmManifest,
  calls: (call: Call) => void = () => {},
): (name: string) => Network {
  const plane = grid.size[0] * grid.size[1];
  const length = tokens.count * tokens.channels;
  const perSlice = (value: (slice: number) => number) =>
    tensor(grid.slab, [1, ...grid.size], s => new Float32Array(plane).fill(value(s)));
  return name => ({
    async run(feeds): Promise<Record<string, Tensor>> {
      calls({ name, feeds });
      const member = Number(name.split('-').at(-1)) + 1;
      if (name.startsWith('mrm-')) {
        const ones = new Float32Array(length).fill(1);
        return { tokens: tensor(grid.slab, [tokens.count, tokens.channels], () => ones) };
      }
      if (name.startsWith('mdn-')) return { clean: { ...feeds.noisy, data: feeds.noisy.data.slice() } };
      if (name.startsWith('cunet-encoder-')) return { features: perSlice(() => member) };
      return {
        prediction: perSlice(
          s =>
            0.1 * feeds.features.data[s * plane] +
            0.01 * feeds.tokens.data[s * length] +
            0.001 * feeds.certainty.data[s],
        ),
        scale: perSlice(() => 0.02 * member),
        enhancement: perSlice(() => 0.2 * member),
      };
    },
    async release() {},
  });
}
