import {
  type Domain,
  domainOf,
  type Message,
  makePlan,
  type ParameterValue,
  parametersOf,
  type RoleId,
  SynthesisError,
  type Target,
  type TargetParameters,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { Plan, StudySeries } from './ViewerPort';

/** A parameter of a target and its chosen value. */
export interface TargetControl extends ParameterValue {
  target: RoleId;
}

/** The user's choices, kept per study: roles of series, reference, targets, their parameters, how much. */
export class Selection {
  private readonly roles = new Map<string, RoleId | null>();
  private readonly references = new Map<string, RoleId>();
  private readonly deselected = new Map<string, readonly RoleId[]>();
  private readonly parameters = new Map<string, Readonly<Record<string, number>>>();
  private readonly some = new Set<string>();

  /**
   * @param current plan of the active study
   * @param proposable whether a target may be chosen unless a person does
   */
  constructor(
    private readonly current: () => Plan | null,
    private readonly onChange: () => void,
    private readonly proposable: (target: RoleId) => boolean = () => true,
  ) {}

  plan(study: string, series: readonly StudySeries[], domain: Domain): Plan {
    return makePlan(study, series, this.roles, this.references.get(study), domain);
  }

  /** By default the first missing role that may be proposed. */
  targets(plan: Plan): RoleId[] {
    const deselected = this.deselectedOf(plan);
    return plan.missing.filter(role => !deselected.includes(role));
  }

  controls({ study, domain, sources }: Plan, target: RoleId, parameters: TargetParameters): TargetControl[] {
    const all = parametersOf(parameters, this.set(study, target), name => domain.told(name, sources));
    return all.map(one => ({ target, ...one }));
  }

  /** Targets with the parameters only that the user set. */
  chosen({ study }: Plan, targets: readonly RoleId[]): Target[] {
    return targets.map(id => ({ id, parameters: this.set(study, id) }));
  }

  private set(study: string, target: RoleId): Readonly<Record<string, number>> {
    return this.parameters.get(keyOf(study, target)) ?? {};
  }

  /** Uses a series in a role, or not at all; the previous series of that role becomes unused. */
  chooseRole(id: string, role: RoleId | null): void {
    const previous = role && this.current()?.sources.get(role);
    if (previous) this.roles.set(previous.id, null);
    this.roles.set(id, role);
    this.onChange();
  }

  chooseReference(role: RoleId): void {
    const plan = this.current();
    if (plan) this.references.set(plan.study, role);
    this.onChange();
  }

  chooseTarget(target: RoleId, selected: boolean): void {
    const plan = this.current();
    if (!plan) return;
    const others = this.deselectedOf(plan).filter(c => c !== target && plan.missing.includes(c));
    this.deselected.set(plan.study, selected ? others : [...others, target]);
    this.onChange();
  }

  chooseParameter({ target, name }: TargetControl, value: number): void {
    const plan = this.current();
    if (plan) {
      const others = this.set(plan.study, target);
      this.parameters.set(keyOf(plan.study, target), { ...others, [name]: value });
    }
    this.onChange();
  }

  /** Whether only some slices are made. */
  onlySome({ study }: Plan): boolean {
    return this.some.has(study);
  }

  chooseSome(some: boolean): void {
    const study = this.current()?.study;
    if (study && some) this.some.add(study);
    else if (study) this.some.delete(study);
    this.onChange();
  }

  private deselectedOf({ study, missing }: Plan): readonly RoleId[] {
    const proposed = missing.find(this.proposable);
    return this.deselected.get(study) ?? missing.filter(role => role !== proposed);
  }
}

function keyOf(...parts: string[]): string {
  return parts.join(' ');
}

/** A plan that a job can run. @throws SynthesisError `plan-invalid` with the reason */
export function runnablePlan(plan: Plan | null, targets: readonly RoleId[]) {
  const refuse = (text: Message) => new SynthesisError('plan-invalid', text);
  if (!plan) throw refuse(message('job/no-study', { study: domainOf().words.study }));
  if (plan.reference === null)
    throw refuse(message('job/no-source', { unrecognized: plan.domain.words.unrecognized }));
  if (plan.missing.length === 0) throw refuse(message('job/nothing-missing'));
  if (targets.length === 0) throw refuse(message('job/no-target'));
  return { ...plan, reference: plan.reference };
}
