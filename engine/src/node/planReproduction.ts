import type { BundleName, SourceRecord } from '../dicom/record';
import { domainOf } from '../domains';
import { type RoleId, roleLabel } from '../domains/Role';
import { SynthesisError } from '../errors';
import { message, type Text } from '../messages';
import { english } from '../messages/english';
import type { Models } from '../models';
import { bundleName } from '../models';
import { type JobPlan, makePlan } from '../series/plan';
import { type DerivedImage, referencedImages } from './readDerivedImage';
import type { FileSeries, FileStudy } from './readStudy';

/**
 * The plan of a derived image, on the same study.
 * @param folder of the study, for messages
 * @throws SynthesisError `record-mismatch` naming the source that is missing or has other images
 */
export function planReproduction(study: FileStudy, made: DerivedImage, folder: string): JobPlan<FileSeries> {
  const { record, path } = made;
  const choices = new Map<string, RoleId | null>(study.series.map(s => [s.id, null]));
  for (const source of record.sources) {
    const name = `The ${english(roleLabel(source.role))} series`;
    const shown = referencedImages(made.instance, source.SeriesInstanceUID);
    const lost = (stack: FileSeries) => shown.filter(image => !imagesOf(stack).has(image)).length;
    // The stack of the series with these images.
    const stacks = study.series.filter(s => s.SeriesInstanceUID === source.SeriesInstanceUID);
    const series = stacks.find(stack => lost(stack) === 0) ?? stacks[0];
    if (!series) {
      throw mismatch(
        `${name} that ${path} was made from (SeriesInstanceUID ${source.SeriesInstanceUID}) is not in ${folder}; ` +
          'give the folder of its study with --study.',
      );
    }
    const missing = lost(series);
    if (series.images !== source.images || missing > 0) {
      throw mismatch(
        `${name} in ${folder} is not the one ${path} was made from: it has ${series.images} images and had ${source.images}` +
          `${missing > 0 ? `, and ${missing} of those that this image shows are missing` : ''}; give the study as it was.`,
      );
    }
    choices.set(series.id, source.role);
  }
  const { StudyInstanceUID, series: all } = study;
  const plan = makePlan(StudyInstanceUID, all, choices, record.reference, domainOf(record.domain));
  const refused = plan.rows.find(row => row.refused && choices.get(row.series.id));
  if (refused)
    throw mismatch(
      message('series/unusable-refused', { series: refused.series.description, reason: refused.refused! }),
    );
  const rows = plan.rows.map(row => ({
    ...row,
    reasons: [row.role ? `${path} says so.` : `${path} was not made from it.`],
  }));
  return { ...plan, rows, reference: record.reference };
}

/** Images of a source, as a derived image refers to them. */
function imagesOf({ files }: FileSeries): Set<string> {
  return new Set(
    files.flatMap(({ instance: { SOPInstanceUID, ReferencedFrameNumber } }) => [
      String(SOPInstanceUID),
      `${SOPInstanceUID} frame ${ReferencedFrameNumber}`,
    ]),
  );
}

/** @throws SynthesisError `record-mismatch` naming the source whose pixels changed */
export function checkPixels({ record, path }: DerivedImage, now: readonly SourceRecord[]): void {
  const values = new Map(now.map(s => [s.role, s.sha256]));
  const changed = record.sources.find(s => values.get(s.role) !== s.sha256);
  if (!changed) return;
  throw mismatch(
    `The pixels of the ${english(roleLabel(changed.role))} series are not those ${path} was made from ` +
      '(their SHA-256 differs); give the study as it was.',
  );
}

/** @throws SynthesisError `record-mismatch` naming both bundles */
export function checkBundles({ record, path }: DerivedImage, { synthesis, region }: Models): void {
  for (const [option, then, now] of [
    ['--bundle', record.bundle, synthesis],
    ['--brain-bundle', record.region, region],
  ] as const) {
    if (now.sha256 === then.sha256) continue;
    throw mismatch(
      `${path} was made with ${named(then)}, but ${now.baseUrl} holds ${named(bundleName(now))}; ` +
        `name the folder of the former with ${option}.`,
    );
  }
}

function named({ id, version, sha256 }: BundleName): string {
  return `${id} ${version} (SHA-256 of bundle.json ${sha256.slice(0, 12)}…)`;
}

function mismatch(message: Text): SynthesisError {
  return new SynthesisError('record-mismatch', message);
}
