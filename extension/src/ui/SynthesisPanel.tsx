import { domainOf } from '@modality-synthesis/engine';
import { type KeyboardEvent, useSyncExternalStore } from 'react';
import { t, useLanguage } from '../i18n/translate';
import { unacknowledged } from '../session/Preflight';
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

/**
 * The right-hand panel: results with their warnings first, then sources, targets and preflight. The job is
 * sticky at the top: always visible, and clear of the viewer's notifications.
 */
export function SynthesisPanel({ service, runCommand }: SynthesisPanelProps) {
  const { plan, targets, controls, preflight, acknowledged, job, results } = useSyncExternalStore(
    service.subscribe,
    service.getState,
  );
  useLanguage();
  const running = job.status === 'running';
  const ready =
    job.status !== 'waiting' || (preflight && unacknowledged(preflight, acknowledged).length === 0);
  return (
    <section
      className="ms-panel"
      data-cy="synthesis-panel"
      aria-label={t('panel/synthesize-missing')}
      onKeyDown={keepKeys}
    >
      <style>{styles}</style>
      <div className="ms-job">
        <JobStatus
          job={job}
          canRun={plan?.reference != null && targets.length > 0 && ready === true}
          runCommand={runCommand}
        />
      </div>
      <p className="ms-faint">{t('panel/intro')}</p>
      <ResultList results={results} runCommand={runCommand} />
      {plan ? (
        <>
          <SourceList plan={plan} disabled={running} selection={service.selection} />
          <TargetList
            plan={plan}
            targets={targets}
            controls={controls}
            disabled={running}
            selection={service.selection}
          />
        </>
      ) : (
        <p>{t('panel/no-study', { study: domainOf().words.study })}</p>
      )}
      {plan && preflight && (
        <PreflightList
          domain={plan.domain}
          report={preflight}
          acknowledged={acknowledged}
          disabled={running}
          service={service}
        />
      )}
    </section>
  );
}

/** OHIF's hotkeys listen for Enter and Space on the document; a focused control in the panel needs them. */
function keepKeys(event: KeyboardEvent): void {
  if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
}
