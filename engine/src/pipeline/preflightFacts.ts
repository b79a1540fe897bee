import type { BackendSettings } from '../backends/Backend';
import { graphsFor } from '../bundle/loadBundle';
import { text } from '../dicom/Dataset';
import type { RoleId } from '../domains/Role';
import { isMessage, type Message, message } from '../messages';
import type { Options, Target } from '../methods/Method';
import { type Model, type Models, parametersOf, valuesOf } from '../models';
import { downloadSize } from '../preflight/checkDownload';
import type { MachineFacts, PixelFacts, PreflightFacts, ServerFacts, TargetFacts } from '../preflight/facts';
import type { JobPlan } from '../series/plan';
import { differentPatients, type StudySeries } from '../series/StudySeries';
import { gridOf } from '../series/slices';
import type { StudyPort } from './Job';

/** Facts about the models and this machine that need no network loaded. */
export interface ModelLookUp {
  models: Models;
  /** Every option of the model's method. */
  options: Options;
  settings: BackendSettings;
  /** Whether this machine has the network with that SHA-256. */
  isStored(sha256: string): boolean;
}

/** What is known of a job; what is absent is not known yet. */
export interface KnownJob<S extends StudySeries> {
  plan: JobPlan<S>;
  targets: readonly RoleId[];
  /** The targets with the parameters only that a person set. */
  chosen?: readonly Target[];
  /** How many slices of the reference are made; absent: all. */
  slices?: number;
  /** The model, or why it is unusable. */
  model?: ModelLookUp | Message;
  machine?: Omit<MachineFacts, 'provider'>;
  pixels?: PixelFacts;
  /** The site's server, if it has one. */
  server?: ServerFacts;
}

/** Facts of a job for the preflight. */
export function preflightFacts<S extends StudySeries>(
  { plan, targets, chosen, slices, model, machine, pixels, server }: KnownJob<S>,
  study: Pick<StudyPort<S>, 'images' | 'partsOf'>,
): PreflightFacts {
  const sources = [...plan.sources].map(([role, series]) => ({
    role,
    description: series.description,
    confidence: plan.rows.find(row => row.series === series)?.confidence ?? undefined,
    grid: gridOf(study.images(series), series.description),
  }));
  const patients = differentPatients(plan.rows.map(row => row.series));
  const rivals = plan.rivalries.map(one => ({ ...one, series: one.series.map(s => s.description) }));
  const parts = study.partsOf?.(plan.study) ?? 1;
  const dates = new Set(
    [...plan.sources.values()].flatMap(s =>
      study.images(s).flatMap(i => text(i.instance.StudyDate)?.trim() || []),
    ),
  );
  const single = plan.rows.every(row => row.series.images === 1);
  const facts = {
    sources,
    patients,
    parts,
    dates: [...dates],
    single,
    rivals,
    reference: plan.reference,
    targets,
    slices,
    pixels,
    server,
  };
  if (!model || isMessage(model)) return { ...facts, model };
  const { models, options, settings, isStored } = model;
  const away = server && !server.here && models.synthesis.method.served ? server : undefined;
  return {
    ...facts,
    parameters: targetFacts(plan, targets, chosen, models.synthesis),
    model: { ...models.synthesis, options },
    machine: { ...machine, provider: away ? message('server/runs', { host: away.host }) : settings.text },
    download: downloadSize(
      model,
      [...plan.sources.keys()],
      targets,
      graphsFor(settings),
      isStored,
      away !== undefined,
    ),
  };
}

/** What headers tell of the parameters of the targets, and what a person set of them. */
function targetFacts<S extends StudySeries>(
  { domain, sources }: JobPlan<S>,
  targets: readonly RoleId[],
  chosen: readonly Target[] = [],
  { manifest, method }: Model,
): TargetFacts {
  const found = targets.map(id => {
    const declared = method.parameters?.(manifest, id) ?? {};
    const set = chosen.find(one => one.id === id)?.parameters ?? {};
    const all = parametersOf(declared, set, name => domain.told(name, sources));
    const parameters = all.flatMap(({ name, parameter: { label, unit }, value, told }) =>
      told ? [{ label, unit, value, told, chosen: name in set }] : [],
    );
    return { parameters, doubts: method.doubts?.(manifest, { id, parameters: valuesOf(all) }) ?? [] };
  });
  return { parameters: found.flatMap(one => one.parameters), doubts: found.flatMap(one => one.doubts) };
}
