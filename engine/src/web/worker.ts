import { httpReader } from '../bundle/loadBundle';
import { asSynthesisError } from '../errors';
import { Mutex } from '../inference/ort/Mutex';
import { message } from '../messages';
import type { Step } from '../progress';
import { align } from '../registration/align';
import { browserStore } from './browserStore';
import { currentEnvironment } from './chooseProvider';
import type { JobContext } from './JobContext';
import { createOrtRuntime } from './OrtRuntime';
import type { FromWorker, ToWorker } from './protocol';
import { runBrainJob } from './runBrainJob';
import { runSynthesisJob } from './runSynthesisJob';

const mutex = new Mutex();
let current: AbortController | undefined;

const post = (answer: FromWorker, transfer: Transferable[] = []) => self.postMessage(answer, { transfer });

self.onmessage = ({ data: request }: MessageEvent<ToWorker>) => {
  if (request.type === 'cancel') current?.abort();
  else void answer(request);
};

async function answer(request: Exclude<ToWorker, { type: 'cancel' }>): Promise<void> {
  current = new AbortController();
  const { signal } = current;
  const onStep = (step: Step) => post({ type: 'step', step });
  try {
    if (request.type === 'align') {
      const { sources, reference } = request.job;
      post({ type: 'done', outcome: await align(sources, reference, onStep, signal) });
      return;
    }
    const { runtime } = request.job;
    const host: JobContext = {
      environment: currentEnvironment(),
      reader: httpReader,
      store: browserStore(),
      createRuntime: decision => createOrtRuntime({ base: runtime, ...decision, mutex }),
      onStep,
      onProvider: decision => post({ type: 'provider', decision }),
      signal,
    };
    if (request.type === 'brain') {
      const outcome = await runBrainJob(request.job, host);
      post({ type: 'done', outcome }, [outcome.found.mask.buffer as ArrayBuffer]);
      return;
    }
    const outcome = await runSynthesisJob(request.job, host);
    post(
      { type: 'done', outcome },
      [...outcome.results.values()].map(({ volume }) => volume.data.buffer as ArrayBuffer),
    );
  } catch (thrown) {
    const error = asSynthesisError(thrown, 'inference-failed', message('job/failed'));
    const { code, text, cause } = error;
    post({
      type: 'failed',
      code,
      text,
      cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    });
  }
}
