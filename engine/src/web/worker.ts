import { httpReader } from '../bundle/loadBundle';
import { asSynthesisError } from '../errors';
import { Mutex } from '../inference/ort/Mutex';
import type { ProviderEnvironment } from './chooseProvider';
import { createOrtRuntime } from './OrtRuntime';
import type { FromWorker, ToWorker, WorkerJob } from './protocol';
import { runJob } from './runJob';

const mutex = new Mutex();
let current: AbortController | undefined;

const post = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

self.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.type === 'cancel') current?.abort();
  else void answer(message.job);
};

async function answer(job: WorkerJob): Promise<void> {
  current = new AbortController();
  try {
    const outcome = await runJob(job, {
      environment: environment(),
      reader: httpReader,
      createRuntime: decision => createOrtRuntime({ base: job.runtime, ...decision, mutex }),
      onStep: step => post({ type: 'step', step }),
      onProvider: decision => post({ type: 'provider', decision }),
      signal: current.signal,
    });
    post(
      { type: 'done', outcome },
      [...outcome.results.values()]
        .flatMap(({ volume, spread }) => (spread ? [volume, spread] : [volume]))
        .map(({ data }) => data.buffer as ArrayBuffer),
    );
  } catch (thrown) {
    const error = asSynthesisError(
      thrown,
      'inference-failed',
      'The synthesis failed unexpectedly; nothing was kept.',
    );
    const { code, message, cause } = error;
    post({
      type: 'failed',
      code,
      message,
      cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    });
  }
}

function environment(): ProviderEnvironment {
  // TypeScript's DOM library does not know WebGPU yet.
  const navigator = self.navigator as Navigator & { gpu?: ProviderEnvironment['gpu'] };
  return {
    gpu: navigator.gpu,
    crossOriginIsolated: self.crossOriginIsolated,
    hardwareConcurrency: navigator.hardwareConcurrency,
  };
}
