import { type KeyboardEvent, useSyncExternalStore } from 'react';
import { t, useLanguage } from '../i18n/translate';
import { openWarnings } from '../session/Preflight';
import { JobStatus } from './JobStatus';
import { PreflightList } from './PreflightList';
import { ResultList } from './ResultList';
import { SourceList } from './SourceList';
import { styles } from './styles';
import { TargetList } from './TargetList';
import type { PanelService, RunCommand } from './types';

export interface SynthesisPanelProps {
  service: PanelService;
  runCommand: RunCommand;
}

/** The right-hand panel: results first, for what is said beside them must be read; sources, targets, preflight; the job on top, always in sight and clear of the viewer's notices. */
export function SynthesisPanel({ service, runCommand }: SynthesisPanelProps) {
  const { plan, targets, controls, preflight, accepted, job, results } = useSyncExternalStore(
    service.subscribe,
    service.getState,
  );
  useLanguage();
  const running = job.status === 'running';
  const ticked = job.status !== 'waiting' || (preflight && openWarnings(preflight, accepted).length === 0);
  return (
    <section
      className="ms-panel"
      data-cy="synthesis-panel"
      aria-label={t('panel/synthesize-missing')}
      onKeyDown={keepForControls}
    >
      <style>{styles}</style>
      <div className="ms-job">
        <JobStatus
          job={job}
          canRun={plan?.reference != null && targets.length > 0 && ticked === true}
          runCommand={runCommand}
        />
      </div>
      <p className="ms-faint">{t('panel/intro')}</p>
      <ResultList results={results} runCommand={runCommand} />
      {plan ? (
        <>
          <SourceList plan={plan} disabled={running} service={service} />
          <TargetList
            plan={plan}
            targets={targets}
            controls={controls}
            disabled={running}
            service={service}
          />
        </>
      ) : (
        <p>{t('panel/no-study')}</p>
      )}
      {preflight && (
        <PreflightList report={preflight} accepted={accepted} disabled={running} service={service} />
      )}
    </section>
  );
}

/** The viewer's hotkeys take Enter and Space from the document, and with them what a focused control does. */
function keepForControls(event: KeyboardEvent): void {
  if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
}
