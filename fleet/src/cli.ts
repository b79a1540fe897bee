import { StoreFailure, SynthesisError } from '@modality-synthesis/engine';
import { english } from '@modality-synthesis/engine/node';
import {
  addressOf,
  COMMANDS,
  type Command,
  limitOptions,
  metricsOptions,
  reportOptions,
  submitOptions,
  workOptions,
} from './arguments';
import { serveMetrics } from './commands/serveMetrics';
import { readStatus, statusText } from './commands/status';
import { submit } from './commands/submit';
import { startWorker } from './commands/work';
import { DicomWeb } from './dicomweb/DicomWeb';
import { allJobs } from './queue/allJobs';
import { withQueue } from './queue/openQueue';
import { csv, reportRow } from './queue/ReportRow';
import { UsageError } from './UsageError';
import { USAGE } from './usage';

/** Runs one command with its arguments; returns what it prints. */
const RUN: Record<Command, (args: readonly string[]) => Promise<string>> = {
  submit: async args => {
    const { pacs, ...options } = await submitOptions(args);
    const archive = new DicomWeb(pacs, process.env.FLEET_PACS_AUTHORIZATION);
    const { found, added, again } = await withQueue(options, queue => submit(queue, archive, options));
    return `${found} studies found: ${added} added, ${again} tried again, ${found - added - again} in the queue before.`;
  },
  work: async args => {
    const worker = await startWorker({ ...workOptions(args), log: text => console.error(text) });
    await untilSignal();
    console.error('Finishing the study at hand ...');
    for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
    await worker.close();
    return '';
  },
  status: async args => {
    const { json, ...address } = reportOptions(args);
    const status = await withQueue(address, queue => readStatus(queue));
    return json ? JSON.stringify(status) : statusText(status);
  },
  report: async args => {
    const { json, ...address } = reportOptions(args);
    const jobs = await withQueue(address, allJobs);
    const rows = jobs.map(({ job, state }) => reportRow(job, state));
    return json ? JSON.stringify(rows, null, 2) : csv(rows).trimEnd();
  },
  pause: async args => {
    await withQueue(addressOf(args), queue => queue.pause());
    return 'Paused: studies at work are finished, no other is begun.';
  },
  resume: async args => {
    await withQueue(addressOf(args), queue => queue.resume());
    return 'Resumed.';
  },
  limit: async args => {
    const { studies, ...address } = limitOptions(args);
    await withQueue(address, queue =>
      studies ? queue.setGlobalRateLimit(studies, 60_000) : queue.removeGlobalRateLimit(),
    );
    return studies ? `At most ${studies} studies a minute are begun.` : 'No limit.';
  },
  metrics: async args => {
    const { port, ...address } = metricsOptions(args);
    await withQueue(address, async queue => {
      const server = await serveMetrics(queue, port);
      await untilSignal();
      server.close();
    });
    return '';
  },
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * The command line: results on stdout, what a worker does and the one text of a failure on stderr.
 * @param args without node and script
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const command = COMMANDS.find(one => one === name);
  if (!command || rest.includes('--help')) {
    console.log(USAGE);
    return command || !name || name === '--help' ? 0 : 1;
  }
  try {
    const text = await RUN[command](rest);
    if (text) console.log(text);
    return 0;
  } catch (thrown) {
    console.error(failureText(thrown));
    return 1;
  }
}

function failureText(thrown: unknown): string {
  if (thrown instanceof UsageError) return `${thrown.message}; --help explains the options.`;
  if (thrown instanceof SynthesisError) return english(thrown.text);
  if (thrown instanceof StoreFailure) return `The PACS did not answer as it should (${thrown.kind}).`;
  return `Redis did not answer as it should (${thrown instanceof Error ? thrown.message : thrown}).`;
}

function untilSignal(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
}
