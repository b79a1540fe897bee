import { domainOf } from '@modality-synthesis/engine';
import { type KeyboardEvent, useInsertionEffect, useSyncExternalStore } from 'react';
import { t, useLanguage } from '../i18n/translate';
import { unacknowledged } from '../session/Preflight';
import { About } from './About';
import { Findings } from './Findings';
import { Fold } from './Fold';
import { JobControl } from './JobControl';
import { JobOutcome } from './JobOutcome';
import { KeptModels } from './KeptModels';
import { ModelChoice } from './ModelChoice';
import { OtherSynthetic } from './OtherSynthetic';
import { PassedChecks } from './PassedChecks';
import { PlanSummary } from './PlanSummary';
import { ResultList } from './ResultList';
import { ServerChoice } from './ServerChoice';
import { SomeSlices } from './SomeSlices';
import { SourceList } from './SourceList';
import { adoptStyles } from './styles';
import { TargetList } from './TargetList';
import type { PanelService, RunCommand } from './types';

export interface SynthesisPanelProps {
  service: PanelService;
  runCommand: RunCommand;
}

/**
 * The right-hand panel, in the order in which a reader needs it: the outcome of the last job, what will be
 * made from what, what must be read before, the button, the results; the rest is folded. The button stays in
 * view.
 */
export function SynthesisPanel({ service, runCommand }: SynthesisPanelProps) {
  const {
    plan,
    targets,
    controls,
    cautions,
    preflight,
    acknowledged,
    model,
    modelChoice,
    keptModels,
    someSlices,
    server,
    job,
    results,
    compared,
    checks,
  } = useSyncExternalStore(service.subscribe, service.getState);
  useLanguage();
  useInsertionEffect(adoptStyles, []);
  const running = job.status === 'running';
  const checking = [...checks.values()].some(({ state }) => state.status === 'running');
  const ready =
    job.status !== 'waiting' || (preflight && unacknowledged(preflight, acknowledged).length === 0);
  const findings = plan &&
    preflight && { domain: plan.domain, report: preflight, acknowledged, disabled: running, service };
  return (
    <section
      className="ms-panel"
      data-cy="synthesis-panel"
      aria-label={t('panel/synthesize-missing')}
      onKeyDown={keepKeys}
    >
      <JobOutcome job={job} />
      {modelChoice && <ModelChoice {...modelChoice} disabled={running || checking} service={service} />}
      {plan ? (
        <PlanSummary plan={plan} targets={targets} cautions={cautions} service={service} />
      ) : (
        <p>{t('panel/no-study', { study: domainOf().words.study })}</p>
      )}
      {findings && <Findings {...findings} />}
      <div className="ms-job">
        <JobControl
          job={job}
          canRun={plan?.reference != null && targets.length > 0 && ready === true && !checking}
          duration={preflight?.duration}
          download={preflight?.download}
          runCommand={runCommand}
        />
        {someSlices && <SomeSlices choice={someSlices} disabled={running} selection={service.selection} />}
        {server && <ServerChoice server={server} job={job} service={service} runCommand={runCommand} />}
      </div>
      <ResultList
        results={results}
        checks={checks}
        errorMaps={service.errorMapViews}
        compared={compared}
        running={running}
        runCommand={runCommand}
      />
      {plan && <OtherSynthetic plan={plan} results={results} errorMaps={service.errorMapViews} />}
      <div>
        {plan && (
          <Fold name="synthesis-choices" title={t('panel/choices')}>
            <SourceList plan={plan} disabled={running} selection={service.selection} />
            <TargetList
              cautions={cautions}
              plan={plan}
              targets={targets}
              controls={controls}
              disabled={running}
              selection={service.selection}
            />
          </Fold>
        )}
        {findings && <PassedChecks {...findings} />}
        <KeptModels models={keptModels} disabled={running || checking} service={service} />
        <About model={model} server={server} />
      </div>
    </section>
  );
}

/** OHIF's hotkeys listen for Enter and Space on the document; a focused control in the panel needs them. */
function keepKeys(event: KeyboardEvent): void {
  if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
}
