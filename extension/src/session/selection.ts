import {
  type Contrast,
  type Message,
  makePlan,
  SynthesisError,
  type TargetParameters,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { Plan, StudySeries } from './ViewerPort';

/** A parameter of a target and its chosen value. */
export interface TargetControl {
  target: Contrast;
  name: string;
  parameter: TargetParameters[string];
  value: number;
}

/** The user's choices, kept per study: contrasts of series, reference, targets and their parameters. */
export class Selection {
  private readonly contrasts = new Map<string, Contrast | null>();
  private readonly references = new Map<string, Contrast>();
  private readonly deselected = new Map<string, readonly Contrast[]>();
  private readonly parameters = new Map<string, number>();

  /** @param current plan of the active study */
  constructor(
    private readonly current: () => Plan | null,
    private readonly onChange: () => void,
  ) {}

  plan(study: string, series: readonly StudySeries[]): Plan {
    return makePlan(study, series, this.contrasts, this.references.get(study));
  }

  /** By default the first missing contrast. */
  targets(plan: Plan): Contrast[] {
    const deselected = this.deselectedOf(plan);
    return plan.missing.filter(contrast => !deselected.includes(contrast));
  }

  controls({ study }: Plan, target: Contrast, parameters: TargetParameters): TargetControl[] {
    return Object.entries(parameters).map(([name, parameter]) => {
      const value = this.parameters.get(keyOf(study, target, name)) ?? parameter.default;
      return { target, name, parameter, value };
    });
  }

  /** Uses a series as a contrast, or not at all; the previous series of that contrast becomes unused. */
  chooseContrast(id: string, contrast: Contrast | null): void {
    const previous = contrast && this.current()?.sources.get(contrast);
    if (previous) this.contrasts.set(previous.id, null);
    this.contrasts.set(id, contrast);
    this.onChange();
  }

  chooseReference(contrast: Contrast): void {
    const plan = this.current();
    if (plan) this.references.set(plan.study, contrast);
    this.onChange();
  }

  chooseTarget(target: Contrast, selected: boolean): void {
    const plan = this.current();
    if (!plan) return;
    const others = this.deselectedOf(plan).filter(c => c !== target && plan.missing.includes(c));
    this.deselected.set(plan.study, selected ? others : [...others, target]);
    this.onChange();
  }

  chooseParameter({ target, name }: TargetControl, value: number): void {
    const plan = this.current();
    if (plan) this.parameters.set(keyOf(plan.study, target, name), value);
    this.onChange();
  }

  private deselectedOf({ study, missing }: Plan): readonly Contrast[] {
    return this.deselected.get(study) ?? missing.slice(1);
  }
}

function keyOf(...parts: string[]): string {
  return parts.join(' ');
}

/** A plan that a job can run. @throws SynthesisError `plan-invalid` with the reason */
export function runnablePlan(plan: Plan | null, targets: readonly Contrast[]) {
  const refuse = (text: Message) => new SynthesisError('plan-invalid', text);
  if (!plan) throw refuse(message('job/no-study'));
  if (plan.reference === null) throw refuse(message('job/no-source'));
  if (plan.missing.length === 0) throw refuse(message('job/nothing-missing'));
  if (targets.length === 0) throw refuse(message('job/no-target'));
  return { ...plan, reference: plan.reference };
}
