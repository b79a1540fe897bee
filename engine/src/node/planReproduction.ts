import { isDeepStrictEqual } from 'node:util';
import { hashOfImages } from '../dicom/hashOfImages';
import type { BundleName, SourceRecord } from '../dicom/record';
import { sourceReferences } from '../dicom/references';
import { domainOf } from '../domains';
import { type RoleId, roleLabel } from '../domains/Role';
import { SynthesisError } from '../errors';
import { message, type Text } from '../messages';
import { english } from '../messages/english';
import type { Method } from '../methods/Method';
import { bundleName, type Models, methodOf } from '../models';
import { type JobPlan, makePlan } from '../series/plan';
import { type DerivedImage, referencedImages } from './readDerivedImage';
import type { FileSeries, FileStudy } from './readStudy';

/**
 * The plan of a derived image, on the same study.
 * @param folder of the study, for messages
 * @throws SynthesisError `record-mismatch` naming the source that is missing or has other images
 */
export async function planReproduction(
  study: FileStudy,
  made: DerivedImage,
  folder: string,
): Promise<JobPlan<FileSeries>> {
  const { record, path } = made;
  const choices = new Map<string, RoleId | null>(study.series.map(s => [s.id, null]));
  for (const source of record.sources) {
    const name = `The ${english(roleLabel(source.role))} series`;
    const stacks = study.series.filter(s => s.SeriesInstanceUID === source.SeriesInstanceUID);
    const isSame = await Promise.all(stacks.map(stack => hasSameImages(stack, source, made)));
    const series = stacks[Math.max(0, isSame.indexOf(true))];
    if (!series) {
      throw mismatch(
        `${name} that ${path} was made from (SeriesInstanceUID ${source.SeriesInstanceUID}) is not in ${folder}; ` +
          'give the folder of its study with --study.',
      );
    }
    if (!isSame.includes(true)) {
      const now =
        series.images === source.images
          ? 'some of its images are others'
          : `it has ${series.images} images and had ${source.images}`;
      throw mismatch(
        `${name} in ${folder} is not the one ${path} was made from: ${now}; give the study as it was.`,
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

/** Whether a stack has the images of the source, and no others. */
async function hasSameImages(
  { files, SeriesInstanceUID }: FileSeries,
  { uids }: SourceRecord,
  { instance }: DerivedImage,
): Promise<boolean> {
  const images = files.map(file => file.instance);
  if (uids) return (await hashOfImages(images)) === uids;
  // Before there were hashes, a derived image referred to all of them.
  const [now, then] = [sourceReferences(images), instance].map(
    image => new Set(referencedImages(image, SeriesInstanceUID)),
  );
  return isDeepStrictEqual(now, then);
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

/** @throws SynthesisError `record-mismatch` for the options of an earlier version of the method */
export function checkOptions({ record, path }: DerivedImage, methods: readonly Method[]): void {
  const { bundle, method } = record;
  if (methodOf({ method: method.id }, methods).options.safeParse(method.options).success) return;
  throw mismatch(
    `${path} was made with ${named(bundle)}, a model of an earlier version, which this software does not run; ` +
      'make a new series of the study instead.',
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
