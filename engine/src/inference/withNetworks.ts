import type { Network, Runtime } from './Runtime';

/**
 * Starts every network of a bundle, hands them to `use`, and releases them whatever comes of it.
 * @param onnx graphs by name
 */
export async function withNetworks<T>(
  runtime: Runtime,
  onnx: ReadonlyMap<string, Uint8Array>,
  use: (network: (name: string) => Network) => Promise<T>,
): Promise<T> {
  const networks = new Map<string, Network>();
  try {
    for (const [name, bytes] of onnx) networks.set(name, await runtime.load(name, bytes));
    return await use(name => networks.get(name)!);
  } finally {
    for (const network of networks.values()) await network.release().catch(() => {});
  }
}
