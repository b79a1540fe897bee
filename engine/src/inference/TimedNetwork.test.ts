import { afterEach, expect, it, vi } from 'vitest';
import { TimedNetwork } from './TimedNetwork';

afterEach(() => vi.restoreAllMocks());

it('returns the results of the network, and the median duration of the later runs', async () => {
  const clock = vi.spyOn(performance, 'now');
  const network = {
    run: async () => ({ out: { dims: [1], data: new Float32Array([7]) } }),
    release: vi.fn(),
  };
  const timed = new TimedNetwork(network);
  for (const duration of [900, 40, 10, 20]) {
    clock.mockReturnValueOnce(0).mockReturnValueOnce(duration);
    expect((await timed.run({})).out.data[0]).toBe(7);
    if (duration === 900) expect(timed.seconds()).toBe(0.9);
  }
  expect(timed.seconds()).toBe(0.02);
});
