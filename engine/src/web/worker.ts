import { httpReader } from '../bundle/loadBundle';
import { asSynthesisError } from '../errors';
import { Mutex } from '../inference/ort/Mutex';
import type { Step } from '../progress';
import { align } from '../registration/align';
import { say } from '../say';
import { browserStore } from './browserStore';
import { environmentHere } from './environment';
import type { JobHost } from './JobHost';
import { createOrtRuntime } from './OrtRuntime';
import type { FromWorker, ToWorker } from './protocol';
import { runBrainJob } from './runBrainJob';
import { runJob } from './runJob';

const mutex = new Mutex();
let current: AbortController | undefined;

const post = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

self.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.type === 'cancel') current?.abort();
  else void answer(message);
};

async function answer(message: Exclude<ToWorker, { type: 'cancel' }>): Promise<void> {
  current = new AbortController();
  const { signal } = current;
  const onStep = (step: Step) => post({ type: 'step', step });
  try {
    if (message.type === 'align') {
      const { sources, reference } = message.job;
      post({ type: 'done', outcome: await align(sources, reference, onStep, signal) });
      return;
    }
    const { runtime } = message.job;
    const host: JobHost = {
      environment: environmentHere(),
      reader: httpReader,
      store: browserStore(),
      createRuntime: decision => createOrtRuntime({ base: runtime, ...decision, mutex }),
      onStep,
      onProvider: decision => post({ type: 'provider', decision }),
      signal,
    };
    if (message.type === 'brain') {
      const outcome = await runBrainJob(message.job, host);
      post({ type: 'done', outcome }, [outcome.found.mask.buffer as ArrayBuffer]);
      return;
    }
    const outcome = await runJob(message.job, host);
    post(
      { type: 'done', outcome },
      [...outcome.results.values()].map(({ volume }) => volume.data.buffer as ArrayBuffer),
    );
  } catch (thrown) {
    const error = asSynthesisError(
      thrown,
      'inference-failed',
      say`The synthesis failed unexpectedly; nothing was kept.`,
    );
    const { code, sentence, cause } = error;
    post({
      type: 'failed',
      code,
      sentence,
      cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    });
  }
}
