import type { Network, Runtime } from './Runtime';

/**
 * Loads the networks of a bundle, passes them to `use`, and always releases them.
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
