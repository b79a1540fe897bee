import type * as Ort from 'onnxruntime-web';
import { SynthesisError } from '../../errors';
import { message } from '../../messages';
import type { Network, OnnxModel, Tensor } from '../Runtime';
import type { Mutex } from './Mutex';

/** The part that all builds of onnxruntime for JavaScript share. */
export type OrtApi = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

/** Without this, idle threads of one network keep spinning on the cores that another network needs. */
const IDLE_THREADS_SLEEP = { session: { intra_op: { allow_spinning: '0' } } };

/**
 * Creates a session for a graph on one execution provider.
 * @param threads of a CPU provider; default: the setting of the runtime
 * @throws SynthesisError `inference-failed`, naming the network
 */
export function loadOrtNetwork(
  ort: OrtApi,
  { provider, threads }: { provider: string; threads?: number },
  mutex: Mutex,
  name: string,
  { graph, weights }: OnnxModel,
): Promise<Network> {
  return mutex.run(async () => {
    try {
      const session = await ort.InferenceSession.create(graph, {
        executionProviders: [provider],
        graphOptimizationLevel: 'all',
        extra: IDLE_THREADS_SLEEP,
        ...(weights && { externalData: [weights] }),
        ...(threads && { intraOpNumThreads: threads }),
      });
      return new OrtNetwork(ort, name, session, mutex);
    } catch (thrown) {
      throw new SynthesisError(
        'inference-failed',
        message('provider/network-not-started', { network: name, provider }),
        {
          cause: thrown,
        },
      );
    }
  });
}

class OrtNetwork implements Network {
  constructor(
    private readonly ort: OrtApi,
    private readonly name: string,
    private readonly session: Ort.InferenceSession,
    private readonly mutex: Mutex,
  ) {}

  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    return this.mutex.run(async () => {
      const inputs = Object.entries(feeds).map(
        ([name, { data, dims }]) => [name, new this.ort.Tensor('float32', data, dims)] as const,
      );
      let results: Ort.InferenceSession.ReturnType;
      try {
        results = await this.session.run(Object.fromEntries(inputs));
      } catch (thrown) {
        throw new SynthesisError(
          'inference-failed',
          message('provider/network-failed', { network: this.name }),
          {
            cause: thrown,
          },
        );
      }
      const outputs: Record<string, Tensor> = {};
      for (const [name, tensor] of Object.entries(results)) {
        outputs[name] = { dims: tensor.dims, data: (await tensor.getData()) as Float32Array };
        tensor.dispose();
      }
      return outputs;
    });
  }

  release(): Promise<void> {
    return this.mutex.run(() => this.session.release());
  }
}
