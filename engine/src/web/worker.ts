import { Networks } from '../backends/Networks';
import { currentEnvironment, webBackends } from '../backends/web';
import { httpReader } from '../bundle/loadBundle';
import { asSynthesisError } from '../errors';
import { Mutex } from '../inference/ort/Mutex';
import { message } from '../messages';
import type { OpenJob, RunOptions } from '../pipeline/Executor';
import { LocalExecutor } from '../pipeline/LocalExecutor';
import { browserStore } from './browserStore';
import type { FromWorker, StepName, ToWorker } from './protocol';

/** Time without a job after which the networks are freed, ms. */
const IDLE = 10 * 60 * 1000;

let executor: LocalExecutor;
const jobs = new Map<number, OpenJob>();
let current: AbortController | undefined;

const post = (answer: FromWorker, transfer: Transferable[] = []) => self.postMessage(answer, { transfer });

self.onmessage = async ({ data: request }: MessageEvent<ToWorker>) => {
  switch (request.type) {
    case 'start': {
      const backends = webBackends(currentEnvironment(), request.runtime, new Mutex());
      const source = { reader: httpReader, store: browserStore() };
      executor = new LocalExecutor(new Networks(backends, source, IDLE));
      if (request.lock) void navigator.locks.request(request.lock, holdForever);
      return;
    }
    case 'networks':
      executor.startNetworks(request.wanted, request.placement);
      return;
    case 'open':
      jobs.set(request.job, await executor.open(request.sources));
      return;
    case 'step':
      return answer(jobs.get(request.job)!, request.name, request.input);
    case 'close':
      jobs.get(request.job)?.close();
      jobs.delete(request.job);
      return;
    case 'cancel':
      current?.abort();
      return;
    case 'release':
      return executor.release();
  }
};

/** The browser frees the lock when this worker ends, however that happens. */
function holdForever(): Promise<never> {
  post({ type: 'alive' });
  return new Promise(() => {});
}

/** What is handed over to the page. */
function buffersOf(result: Awaited<ReturnType<OpenJob[StepName]>>): Transferable[] {
  if (result && 'images' in result) return result.images.map(({ stored }) => stored.buffer);
  if (result && 'remade' in result)
    return result.remade.flatMap(({ stored, difference }) => [stored.buffer, difference.buffer]);
  return [];
}

async function answer(job: OpenJob, name: StepName, input: unknown): Promise<void> {
  current = new AbortController();
  const run: RunOptions = {
    onStep: step => post({ type: 'progress', step }),
    onBackend: settings => post({ type: 'backend', settings }),
    signal: current.signal,
  };
  try {
    // The input is that of the step by the protocol's types; `name` alone does not tell the compiler which.
    const step = job[name] as (input: unknown, run: RunOptions) => ReturnType<OpenJob[StepName]>;
    const result = await step(input, run);
    post({ type: 'done', result }, buffersOf(result));
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
