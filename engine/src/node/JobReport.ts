import path from 'node:path';
import {
  type BundleName,
  type CheckedSource,
  counts,
  type Derivation,
  type RegistrationRecord,
} from '../dicom/record';
import { CONFIDENCE_LABELS, type Confidence } from '../domains/Recognition';
import { type RoleId, roleLabel } from '../domains/Role';
import { alignmentMessage, disclaimers } from '../jobMessages';
import { list, message, type Text } from '../messages';
import { english } from '../messages/english';
import type { Options } from '../methods/Method';
import type { PreflightReport } from '../preflight/report';
import { figureSummary, foresightMessages } from '../selfCheck/checkMessages';
import type { SourceRow } from '../series/plan';
import type { StudyOutcome, StudyOutput } from './fileJob';
import { type Comparison, REPRODUCTION_TOLERANCE } from './reproduce';
import type { CheckedOutcome } from './synthesizeStudy';

/** Outcome of a job; a new one has a preflight, a reproduction a comparison. */
type Outcome = StudyOutcome & Partial<Pick<CheckedOutcome, 'preflight'>> & { again?: Comparison };

/** What `--json` prints; field names are an interface to scripts. */
export interface JsonReport {
  bundle: BundleName;
  /** The bundle that found the region. */
  brain: BundleName;
  sources: {
    contrast: RoleId;
    SeriesInstanceUID: string;
    SeriesDescription: string;
    confidence: Confidence | null;
    reasons: Text[];
    /** Motion between source and reference; absent for the reference. */
    alignment?: { millimetres: number; degrees: number; registered: boolean };
  }[];
  reference: RoleId;
  /** Series that were not used, with reasons. */
  refused: { SeriesInstanceUID: string; SeriesDescription: string; reasons: Text[] }[];
  /** Preflight as in the viewer's panel; absent for a reproduction. */
  preflight?: PreflightReport;
  outputs: StudyOutput[];
  /** With --check: the sources made again. */
  check?: Derivation['check'];
  /** Seconds per stage; `download` reads the bundle and starts its networks. */
  seconds: Record<string, number>;
  peakMemoryMiB: number;
  provider: string;
  /** Where the networks ran, if not on this machine. */
  server?: Derivation['server'];
  precision: string;
  /** Id of the method; its options stand among these fields by their own names. */
  method: string;
  seed: number;
  /** Disclaimers for the images, and files left out of the study. */
  warnings: string[];
  /** With --again: comparison of the given and the reproduced image. */
  again?: Comparison;
}

export function jsonReport(outcome: Outcome): JsonReport & Options {
  const { bundle, region, plan, registration, outputs, seconds, peakMemory } = outcome;
  const { method, provider, server, precision, seed } = outcome;
  const named = ({ series }: SourceRow) => ({
    SeriesInstanceUID: series.SeriesInstanceUID,
    SeriesDescription: series.attributes.SeriesDescription ?? '',
  });
  return {
    ...method.options,
    bundle,
    brain: region,
    sources: used(plan).map(row => ({
      contrast: row.role!,
      ...named(row),
      confidence: row.confidence,
      reasons: row.reasons,
      alignment: measured(registration.find(({ role }) => role === row.role)),
    })),
    reference: plan.reference,
    refused: excluded(plan).map(row => ({ ...named(row), reasons: exclusionReasons(row) })),
    preflight: outcome.preflight,
    outputs,
    check: outcome.check,
    seconds,
    peakMemoryMiB: peakMemory,
    provider,
    server,
    precision,
    method: method.id,
    seed,
    warnings: [...disclaimersOf(outcome), ...outcome.warnings],
    again: outcome.again,
  };
}

/** A few lines for a person. */
export function summary(outcome: Outcome): string {
  const { bundle, plan, registration, outputs, seconds, peakMemory } = outcome;
  const { provider, server, precision, seed } = outcome;
  const total = Object.values(seconds).reduce((sum, s) => sum + s, 0);
  const sources = used(plan).map(({ role, series }) => {
    const note = role === plan.reference ? ', whose slices the result has' : '';
    return `${english(roleLabel(role!))} (“${english(series.description)}”${note})`;
  });
  const recognized = used(plan).map(({ series, confidence, reasons }) => {
    const sure = confidence ? ` (${english(CONFIDENCE_LABELS[confidence])})` : '';
    return `“${english(series.description)}”: ${english(list(reasons))}${sure}`;
  });
  const left = excluded(plan).map(
    row => `Not used: “${english(row.series.description)}”. ${english(list(exclusionReasons(row)))}`,
  );
  return [
    ...outputs.map(
      ({ target, files }) =>
        `Synthetic ${english(roleLabel(target))}: ${files.length} files in ${path.dirname(files[0])}${path.sep}`,
    ),
    disclaimersOf(outcome).join(' '),
    `Made from ${sources.join(', ')}.`,
    ...recognized,
    ...left,
    ...registration.map(record => `${english(alignmentMessage(record, plan.reference))}.`),
    ...(outcome.check ?? []).map(checkText),
    ...(outcome.check ? foresightOf(outcome) : []),
    `${[`${bundle.name} ${bundle.version}`, ...counts(outcome), `seed ${seed}`].join(', ')}, ` +
      `${provider} ${precision}: ${total.toFixed(1)} s, ${peakMemory} MiB.`,
    ...(server
      ? [`The networks ran on ${server.url}: ${server.software}, ${server.model} ${server.version}.`]
      : []),
    ...(outcome.again ? [comparisonText(outcome.again, plan.domain.region.id)] : []),
  ].join('\n');
}

function used({ rows }: Outcome['plan']): SourceRow[] {
  return rows.filter(row => row.role);
}

function excluded({ rows }: Outcome['plan']): SourceRow[] {
  return rows.filter(row => !row.role);
}

function measured(record: RegistrationRecord | undefined): JsonReport['sources'][number]['alignment'] {
  if (!record) return undefined;
  const { millimetres, degrees, transform } = record;
  return { millimetres, degrees, registered: transform !== undefined };
}

/** "Check: T1 made again from T2, FLAIR: PSNR, dB 18.25 (worse than 31 of 36); ..." */
function checkText(source: CheckedSource): string {
  const sources = english(list(source.sources.map(roleLabel), ', '));
  return `Check: ${english(message('self-check/made-again', { role: roleLabel(source.role), sources }))}: ${english(figureSummary(source))}.`;
}

function foresightOf({ outputs, plan, bundleCheck }: Outcome): string[] {
  return outputs.flatMap(({ target }) => foresightMessages(plan.domain.id, target, bundleCheck).map(english));
}

function comparisonText({ image, madeBy, madeAgainBy, ...comparison }: Comparison, region: string): string {
  const { identical, largestDifference, pixelsBeyond } = comparison;
  const [then, now] = [madeBy, madeAgainBy].map(m => `${m.runtime} (${m.provider}, ${m.precision})`);
  return [
    identical
      ? `The stored pixels are identical to those of ${image}.`
      : `The stored pixels differ from those of ${image} by at most ${largestDifference.toFixed(5)} (1 is the ${region}'s upper percentile).`,
    ...(then === now ? [] : [`It was made by ${then}, here by ${now}.`]),
    ...(pixelsBeyond > 0 ? [differenceText(pixelsBeyond, [madeBy.precision, madeAgainBy.precision])] : []),
  ].join(' ');
}

function differenceText(pixels: number, precisions: readonly string[]): string {
  const differ = pixels === 1 ? '1 pixel differs' : `${pixels} pixels differ`;
  const why = precisions.includes('fp16')
    ? 'half precision rounds otherwise on another machine'
    : 'another machine alone does not explain that';
  return `${differ} by more than ${REPRODUCTION_TOLERANCE}: ${why}; compare the two images.`;
}

function exclusionReasons({ refused, reasons }: SourceRow): Text[] {
  return refused ? [refused] : reasons;
}

/** Disclaimers of all results, each once. */
function disclaimersOf({ outputs, plan }: StudyOutcome): string[] {
  const domain = plan.domain.id;
  const sources = [...plan.sources.keys()].map(role => ({ role }));
  return [...new Set(outputs.flatMap(output => disclaimers({ domain, sources, ...output })).map(english))];
}
