import type { Domain } from '../domains/Domain';
import { type RoleId, roleLabel } from '../domains/Role';
import { SynthesisError } from '../errors';
import { english } from '../messages/english';
import { assignRoles } from '../series/assignRoles';
import { type JobPlan, makePlan, type Sources } from '../series/plan';
import type { Options } from './arguments';
import type { FileSeries, FileStudy } from './readStudy';

/**
 * The viewer's own plan for the study, narrowed by the options.
 * @throws SynthesisError `plan-invalid`, one text with the remedy
 */
export function planJob(
  study: FileStudy,
  domain: Domain,
  options: Pick<Options, 'sources' | 'reference' | 'slices'> & { targets: readonly RoleId[] },
): JobPlan<FileSeries> {
  const { targets, sources: wanted, reference: chosen, slices } = options;
  const unwanted = new Set(
    assignRoles(study.series, new Map(), domain.recognize)
      .filter(({ recognition: { role } }) => wanted && role !== null && !wanted.includes(role))
      .map(({ series }) => series.id),
  );
  const choices = new Map([...unwanted].map(id => [id, null] as const));
  const plan = makePlan(study.StudyInstanceUID, study.series, choices, chosen, domain);
  const { sources, reference } = plan;
  const unmade = targets.find(target => !domain.makes.includes(target));
  if (unmade) throw refuse(`This model does not make ${english(roleLabel(unmade))}; choose another target.`);
  const unused = wanted?.find(role => !(role in domain.roles));
  if (unused) {
    throw refuse(`This model does not use ${english(roleLabel(unused))}; take ${unused} out of --sources.`);
  }
  const absent = wanted?.find(role => !sources.has(role));
  if (absent) {
    throw refuse(
      `No series of this study was recognized as ${english(roleLabel(absent))}; take ${absent} out of --sources.`,
    );
  }
  if (reference === null) {
    throw refuse(
      `${english(domain.words.unrecognized)}; give another study, or choose the contrasts in the viewer.`,
    );
  }
  const acquired = targets.find(target => sources.has(target));
  if (acquired) throw refuse(acquiredSentence(acquired, sources, targets));
  if (chosen && chosen !== reference) {
    throw refuse(
      `No series of this study was recognized as ${english(roleLabel(chosen))}; --reference must be one of ${[...sources.keys()].join(', ')}.`,
    );
  }
  const depth = sources.get(reference)!.images;
  if (slices && slices.to > depth) {
    throw refuse(
      `--slices ${slices.from}-${slices.to}: the reference, ${english(roleLabel(reference))}, has ${depth} slices.`,
    );
  }
  const rows = plan.rows.map(row =>
    unwanted.has(row.series.id) ? { ...row, reasons: ['Its contrast is not in --sources.'] } : row,
  );
  return { ...plan, rows, reference };
}

function acquiredSentence(target: RoleId, sources: Sources<FileSeries>, targets: readonly RoleId[]): string {
  const others = [...sources.keys()].filter(role => !targets.includes(role));
  const remedy = others.length
    ? `to make it again from the others, give --sources ${others.join(',')}`
    : 'nothing else was acquired to make it from';
  return `${english(roleLabel(target))} was acquired in this study (series “${english(sources.get(target)!.description)}”); ${remedy}.`;
}

function refuse(message: string): SynthesisError {
  return new SynthesisError('plan-invalid', message);
}
