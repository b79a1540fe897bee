import path from 'node:path';
import { parseArgs } from 'node:util';
import { mayHoldSecret, rootOf, webAddress } from '@modality-synthesis/engine';
import { jobModel, parseArguments, serverOption } from '@modality-synthesis/engine/node';
import type { Submission } from './commands/submit';
import type { WorkOptions } from './commands/work';
import { QUEUE, type QueueAddress } from './queue/openQueue';
import type { Settings } from './StudyJob';
import { UsageError } from './UsageError';

export const COMMANDS = [
  'submit',
  'work',
  'status',
  'pause',
  'resume',
  'limit',
  'report',
  'metrics',
] as const;
export type Command = (typeof COMMANDS)[number];

/** Options of every command. */
const COMMON = {
  redis: { type: 'string', default: process.env.FLEET_REDIS ?? 'redis://127.0.0.1:6379' },
  queue: { type: 'string', default: QUEUE },
} as const;

export function addressOf(args: readonly string[]): QueueAddress {
  return parse(args, COMMON);
}

export interface SubmitOptions extends QueueAddress, Submission {
  pacs: string;
}

const SUBMIT = {
  ...COMMON,
  pacs: { type: 'string' },
  query: { type: 'string', default: '' },
  targets: { type: 'string' },
  priority: { type: 'string', default: '1000' },
} as const;

/**
 * What is no option of `submit` is one of the command line for one study, which checks it.
 * @throws UsageError, or SynthesisError with the option that is wrong
 */
export async function submitOptions(args: readonly string[]): Promise<SubmitOptions> {
  const { own, rest } = separate(args, Object.keys(SUBMIT));
  const { pacs, query, targets, priority, ...address } = parse(own, SUBMIT);
  if (!targets) throw new UsageError('--targets is missing');
  return {
    ...address,
    pacs: archiveRoot(pacs),
    query: query.replace(/^\?/, ''),
    settings: await settingsOf(['--target', targets, ...rest]),
    priority: wholeNumber('priority', priority, 1, 2_097_151),
  };
}

async function settingsOf(args: readonly string[]): Promise<Settings> {
  const options = parseArguments(['--study', '.', '--out', '.', ...args]);
  if (!options || 'again' in options || options.uncertainty || options.check)
    throw new UsageError('--again, --uncertainty and --check are for one study');
  if (options.server) throw new UsageError('--server is an option of work');
  const { targets, sources, reference, seed, acceptWarnings } = options;
  const { bundle, region, method, precision, complete } = await jobModel(options);
  // Only tried: a study may tell the parameters that were not given.
  complete(targets);
  return {
    targets: targets.map(({ id, parameters }) => ({
      id,
      ...(parameters && { parameters: { ...parameters } }),
    })),
    ...(sources && { sources: [...sources] }),
    ...(reference && { reference }),
    bundle: bundle.sha256,
    region: region.sha256,
    method: { id: method.id, options: method.options as Settings['method']['options'] },
    seed,
    precision,
    acceptWarnings,
  };
}

const WORK = {
  ...COMMON,
  out: { type: 'string' },
  'no-store': { type: 'boolean', default: false },
  bundle: { type: 'string' },
  'brain-bundle': { type: 'string' },
  provider: { type: 'string', default: 'cpu' },
  server: { type: 'string' },
  'send-images': { type: 'boolean', default: false },
  'take-over': { type: 'string', default: '60' },
} as const;

export function workOptions(args: readonly string[]): Omit<WorkOptions, 'log'> {
  const { out, provider, bundle, ...given } = parse(args, WORK);
  if (provider !== 'cpu' && provider !== 'webgpu')
    throw new UsageError(`--provider must be cpu or webgpu, not “${provider}”`);
  if (given['no-store'] && !out) throw new UsageError('--no-store needs --out: results must go somewhere');
  return {
    redis: given.redis,
    queue: given.queue,
    authorization: process.env.FLEET_PACS_AUTHORIZATION,
    store: !given['no-store'],
    out: out && path.resolve(out),
    bundle,
    regionBundle: given['brain-bundle'],
    provider,
    ...serverOption(given),
    takeOver: wholeNumber('take-over', given['take-over'], 1, 86_400),
  };
}

const REPORT = { ...COMMON, json: { type: 'boolean', default: false } } as const;

/** Of `report` and `status`. */
export function reportOptions(args: readonly string[]): QueueAddress & { json: boolean } {
  return parse(args, REPORT);
}

const LIMIT = { ...COMMON, 'studies-a-minute': { type: 'string' } } as const;

/** 0: none. */
export function limitOptions(args: readonly string[]): QueueAddress & { studies: number } {
  const { 'studies-a-minute': studies = '', ...address } = parse(args, LIMIT);
  return { ...address, studies: wholeNumber('studies-a-minute', studies, 0, 100_000) };
}

const METRICS = { ...COMMON, port: { type: 'string', default: '9464' } } as const;

export function metricsOptions(args: readonly string[]): QueueAddress & { port: number } {
  const { port, ...address } = parse(args, METRICS);
  return { ...address, port: wholeNumber('port', port, 1, 65_535) };
}

type Declared = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function parse<const O extends Declared>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (thrown) {
    throw new UsageError((thrown as Error).message.split(/\.(?:\s|$)/)[0]);
  }
}

/** The arguments that are these options, with their values, and the others. */
function separate(args: readonly string[], names: readonly string[]): { own: string[]; rest: string[] } {
  const own: string[] = [];
  const rest: string[] = [];
  for (let n = 0; n < args.length; n++) {
    const [name] = args[n].split('=');
    if (!names.includes(name.replace(/^--/, ''))) rest.push(args[n]);
    else own.push(args[n], ...(args[n].includes('=') ? [] : args.slice(++n, n + 1)));
  }
  return { own, rest };
}

/** @throws UsageError also for an address with a password: the queue would keep it */
function archiveRoot(given = ''): string {
  const url = webAddress(given);
  if (!url)
    throw new UsageError(
      '--pacs must be the DICOMweb address of the archive, http://localhost:8042/dicom-web',
    );
  if (mayHoldSecret(url))
    throw new UsageError('--pacs must have no password: give FLEET_PACS_AUTHORIZATION to submit and work');
  return rootOf(url);
}

function wholeNumber(name: string, given: string, min: number, max: number): number {
  const n = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (!(n >= min && n <= max))
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not “${given}”`);
  return n;
}
