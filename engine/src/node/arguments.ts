import { parseArgs } from 'node:util';
import { NODE_PROVIDERS, type NodeProvider } from '../backends/Backend';
import { PRECISIONS, type Precision } from '../bundle/fields';
import { domainOf, ROLE_IDS } from '../domains';
import type { RoleId } from '../domains/Role';
import { SynthesisError } from '../errors';
import { english } from '../messages/english';
import { METHODS, settingsOf } from '../methods';
import type { Method, Parameter, Target } from '../methods/Method';
import type { SliceRange } from '../volume/sliceRange';
import { mayHoldSecret, rootOf, webAddress } from '../webAddress';

/** Options of every job on files. */
interface CommonOptions {
  study: string;
  out: string;
  bundle?: string;
  regionBundle?: string;
  json: boolean;
}

/** Options of a synthesis. */
export interface Options extends CommonOptions {
  targets: readonly Target[];
  /** Only these roles may be sources; default: every one that was acquired. */
  sources?: readonly RoleId[];
  reference?: RoleId;
  /** Of the reference, where not all are to be made. */
  slices?: SliceRange;
  /** Options of the method. */
  settings: Readonly<Record<string, number>>;
  seed: number;
  /** The site's full dose of a contrast agent, mmol a kg, where it is not the usual one. */
  fullDose?: number;
  provider: NodeProvider;
  precision: Precision;
  /** Run although the preflight has warnings. */
  acceptWarnings: boolean;
  /** Write the maps of the expected error too. */
  uncertainty: boolean;
  /** Make the sources again, each from the others, and say how like they are. */
  check: boolean;
  /** Address of a server that runs the networks; whoever gives it has agreed that images go there. */
  server?: string;
  /** See Job; no option of the command line. */
  repeatable?: Date;
}

/** Options of a reproduction; the record has the rest. */
export interface ReproduceOptions extends CommonOptions {
  again: string;
  /** Default: that of the record if available here. */
  provider?: NodeProvider;
}

/** Doses of an agent that a site may give, mmol a kg. */
const FULL_DOSES = { min: 0.01, max: 0.5 };

/** Default of --out with --again. */
const REPRODUCTION_FOLDER = 'again';

/** What --help prints. */
export function usage(methods: readonly Method[] = METHODS): string {
  return `Usage: synthesize --study DIR --target CONTRAST[,CONTRAST] --out DIR [options]
       synthesize --again FILE.dcm --study DIR [--out DIR] [options]

Predicts a contrast that ${english(domainOf().words.study)} lacks and writes it as a derived DICOM series.
Contrasts: ${ROLE_IDS.join(', ')}. The result is predicted, not measured; for research only.

  --study DIR        folder with the DICOM files of one study; subfolders are read too
  --target LIST      contrasts to make, separated by commas, each with its parameters where its method has any:
                     CONTRAST:NAME=VALUE
  --out DIR          results go to DIR/<target>/IM0001.dcm ...
  --sources LIST     use only these acquired contrasts (default: all that are recognized)
  --reference NAME   the source whose slices and pixels the result gets (default: axial, finest)
  --slices FROM-TO   make only these slices of the reference, counted from 1 along its volume, as the results' images
                     of a whole series are: 71-79
  --bundle DIR       folder with bundle.json and the networks (default: models/bundles/${methods[0].bundle})
  --brain-bundle DIR the same of the network that finds the region (default: models/bundles/${domainOf().region.bundle})
${Object.entries(settingsOf(methods)).map(settingUsage).join('\n')}
  --seed S           seed of the noise, 0 to 2147483647 (default: 1, as in the viewer)
  --full-dose N      what your site gives as the full dose of a contrast agent, mmol a kg (default: 0.1)
  --provider NAME    ${NODE_PROVIDERS.join(' or ')} (default: cpu)
  --precision NAME   ${PRECISIONS.join(' or ')}; fp16 where the bundle has it (default: fp32)
  --server URL       a server of your own that runs the networks (docs/server.md); what comes before /v2. Its Authorization
                     header is SYNTHESIS_SERVER_AUTHORIZATION
  --send-images      goes with --server: agrees that prepared images of the study leave this machine to it
  --accept-warnings  run although the preflight has warnings (amber); errors (red) always stop
  --uncertainty      write the expected error of each result too, as a DICOM Parametric Map: DIR/<target>-error; and where
                     something cannot be told, if the bundle knows it, as a Segmentation: DIR/<target>-indeterminate
  --check            make each source again from the others too, and say how like what was acquired it is; the
                     figures go into the record of the result
  --again FILE.dcm   make the series of this synthetic image again as the record in it says, and compare the two;
                     goes with --study, --out (default: ${REPRODUCTION_FOLDER}), --bundle, --brain-bundle, --provider, --json
  --json             print one JSON object about what was done
  --help             print this`;
}

function settingUsage([name, { label, min, max }]: [string, Parameter]): string {
  return `  ${`--${name} N`.padEnd(18)} ${english(label)}, ${min} to ${max} (default: what the bundle says)`;
}

/**
 * @param args without node and script
 * @returns null when help was asked for
 * @throws SynthesisError `configuration-invalid`, one text that names the option
 */
export function parseArguments(
  args: readonly string[],
  methods: readonly Method[] = METHODS,
): Options | ReproduceOptions | null {
  const declared = settingsOf(methods);
  const { values, given } = parse(args, Object.keys(declared));
  if (values.help) return null;
  if (values.again !== undefined) return reproduceOptions(values, given);
  const targets = targetsIn(required('target', values.target));
  const sources = values.sources === undefined ? undefined : roles('sources', values.sources);
  const both = targets.find(({ id }) => sources?.includes(id));
  if (both) throw refuse(`${both.id} is both in --target and in --sources; take it out of one`);
  const reference = values.reference === undefined ? undefined : oneRole('reference', values.reference);
  if (reference && sources && !sources.includes(reference))
    throw refuse(`--reference ${reference} is not among --sources; name one of ${sources.join(', ')}`);
  return {
    study: required('study', values.study),
    targets,
    out: required('out', values.out),
    sources,
    reference,
    slices: values.slices === undefined ? undefined : slicesIn(values.slices),
    bundle: values.bundle,
    regionBundle: values['brain-bundle'],
    settings: Object.fromEntries(
      given.map(([name, value]) => [name, within(`--${name}`, value, declared[name])]),
    ),
    seed:
      values.seed === undefined ? 1 : within('--seed', values.seed, { min: 0, max: 0x7fffffff, whole: true }),
    fullDose:
      values['full-dose'] === undefined ? undefined : within('--full-dose', values['full-dose'], FULL_DOSES),
    provider: oneOf('provider', NODE_PROVIDERS, values.provider ?? 'cpu'),
    precision: oneOf('precision', PRECISIONS, values.precision ?? 'fp32'),
    ...serverOption(values),
    acceptWarnings: values['accept-warnings'] ?? false,
    uncertainty: values.uncertainty ?? false,
    check: values.check ?? false,
    json: values.json ?? false,
  };
}

/** Options that do not go with --again. */
const RECORDED = [
  'target',
  'sources',
  'reference',
  'slices',
  'seed',
  'full-dose',
  'precision',
  'server',
  'send-images',
  'accept-warnings',
  'uncertainty',
  'check',
] as const;

function reproduceOptions(
  values: ReturnType<typeof parse>['values'],
  given: ReturnType<typeof parse>['given'],
): ReproduceOptions {
  const both = RECORDED.find(name => values[name] !== undefined) ?? given.at(0)?.[0];
  if (both) throw refuse(`--${both} does not go with --again, whose file says how; take one out`);
  const { bundle, provider } = values;
  return {
    again: required('again', values.again),
    study: required('study', values.study),
    out: values.out ?? REPRODUCTION_FOLDER,
    bundle,
    regionBundle: values['brain-bundle'],
    provider: provider === undefined ? undefined : oneOf('provider', NODE_PROVIDERS, provider),
    json: values.json ?? false,
  };
}

/** The options by name; those of the methods, `settings`, apart. */
function parse(args: readonly string[], settings: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        study: { type: 'string' },
        again: { type: 'string' },
        target: { type: 'string' },
        out: { type: 'string' },
        sources: { type: 'string' },
        reference: { type: 'string' },
        slices: { type: 'string' },
        bundle: { type: 'string' },
        'brain-bundle': { type: 'string' },
        seed: { type: 'string' },
        'full-dose': { type: 'string' },
        provider: { type: 'string' },
        precision: { type: 'string' },
        server: { type: 'string' },
        'send-images': { type: 'boolean' },
        'accept-warnings': { type: 'boolean' },
        uncertainty: { type: 'boolean' },
        check: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        ...Object.fromEntries(settings.map(name => [name, { type: 'string' as const }])),
      },
    });
    const given = Object.entries(values).flatMap(([name, value]) =>
      settings.includes(name) && typeof value === 'string' ? [[name, value] as const] : [],
    );
    return { values, given };
  } catch (thrown) {
    const { message } = thrown as Error;
    const [, valueless] =
      /^Option '(?:-\w, )?(--\w+)[^']*' argument (?:is ambiguous|missing)/.exec(message) ?? [];
    // Node's messages go on with advice on "--"; the first text says what is wrong.
    const what = valueless ? `${valueless} needs a value` : message.split(/\.(?:\s|$)/)[0];
    throw new SynthesisError('configuration-invalid', `${what}; --help lists the options.`, {
      cause: thrown,
    });
  }
}

/** @throws SynthesisError also where nobody agreed to send images: they are never sent without a word */
export function serverOption(values: { server?: string; 'send-images'?: boolean }): Pick<Options, 'server'> {
  const { server, 'send-images': agreed } = values;
  if (server === undefined) {
    if (agreed) throw refuse('--send-images goes with --server');
    return {};
  }
  const url = webAddress(server);
  if (!url || mayHoldSecret(url))
    throw refuse('--server must be an address without a password, such as https://triton.example');
  if (!agreed)
    throw refuse(`--server sends prepared images of the study to ${url.host}: agree to it by --send-images`);
  return { server: rootOf(url) };
}

function required(name: string, value: string | undefined): string {
  if (!value) throw refuse(`--${name} is missing`);
  return value;
}

function roles(name: string, list: string): RoleId[] {
  return [...new Set(list.split(',').map(one => oneRole(name, one.trim())))];
}

function oneRole(name: string, value: string): RoleId {
  const lower = value.toLowerCase();
  if (!ROLE_IDS.includes(lower))
    throw refuse(`--${name}: “${value}” is not a contrast; known are ${ROLE_IDS.join(', ')}`);
  return lower;
}

/** "71-79", or "75" alone. */
function slicesIn(value: string): SliceRange {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(value.trim()) ?? [];
  const range = { from: Number(from), to: Number(to) };
  if (!(range.from >= 1 && range.to >= range.from))
    throw refuse(`--slices must be like 71-79, counted from 1, not “${value}”`);
  return range;
}

/** "flair,t1ce:dose=0.1": targets with their parameters, each target once. */
function targetsIn(list: string): Target[] {
  const targets = list.split(',').map((one): Target => {
    const [id, ...pairs] = one.trim().split(':');
    const parameters = pairs.map(pair => {
      const [name, value = ''] = pair.split('=');
      const n = value ? Number(value) : Number.NaN;
      if (!Number.isFinite(n)) throw refuse(`--target ${id}:${name} must be a number, not “${value}”`);
      return [name, n] as const;
    });
    return {
      id: oneRole('target', id),
      ...(pairs.length && { parameters: Object.fromEntries(parameters) }),
    };
  });
  return [...new Map(targets.map(target => [target.id, target])).values()];
}

function within(name: string, value: string, { min, max, whole }: Omit<Parameter, 'label'>): number {
  const n = (whole ? /^\d+$/ : /^-?\d/).test(value) ? Number(value) : Number.NaN;
  if (!(n >= min && n <= max))
    throw refuse(`${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not “${value}”`);
  return n;
}

function oneOf<T extends string>(name: string, known: readonly T[], value: string): T {
  const found = known.find(one => one === value);
  if (!found) throw refuse(`--${name} must be ${known.join(' or ')}, not “${value}”`);
  return found;
}

function refuse(what: string): SynthesisError {
  return new SynthesisError('configuration-invalid', `${what}; --help explains the options.`);
}
