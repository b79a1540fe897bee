import type { Message } from '@modality-synthesis/engine';
import { Button } from '@ohif/ui-next';
import { t, translate } from '../i18n/translate';
import type { Job } from '../session/SessionState';
import { JobProgress } from './JobProgress';
import type { RunCommand } from './types';

interface JobControlProps {
  job: Job;
  canRun: boolean;
  /** How long the job will take, where it is known. */
  duration?: Message;
  /** How much of the model is downloaded first. */
  download?: Message;
  runCommand: RunCommand;
}

/** The Synthesize button with its time and download, or progress with Cancel. */
export function JobControl({ job, canRun, duration, download, runCommand }: JobControlProps) {
  if (job.status === 'running') return <Running job={job} onCancel={() => runCommand('cancelSynthesis')} />;
  return (
    <div>
      <Button
        type="button"
        size="lg"
        className="ms-run w-full"
        dataCY="synthesis-run"
        aria-describedby={
          [duration && 'ms-duration', download && 'ms-download'].filter(Boolean).join(' ') || undefined
        }
        disabled={!canRun}
        onClick={() => runCommand('startSynthesis')}
      >
        {job.status === 'waiting' ? t('panel/run-anyway') : t('panel/synthesize')}
      </Button>
      {duration && (
        <p id="ms-duration" className="ms-faint ms-duration" data-cy="synthesis-duration">
          {t('panel/duration', { duration })}
        </p>
      )}
      {download && (
        <p id="ms-download" className="ms-faint ms-duration" data-cy="synthesis-download-first">
          {t('panel/download-first', { size: download })}
        </p>
      )}
    </div>
  );
}

function Running({ job, onCancel }: { job: Extract<Job, { status: 'running' }>; onCancel: () => void }) {
  const { progress, provider, startedAt } = job;
  return (
    <div>
      <JobProgress
        label={t('panel/progress')}
        dataCY="synthesis-progress"
        progress={progress}
        startedAt={startedAt}
      />
      {provider && <p className="ms-faint">{translate(provider)}</p>}
      <Button type="button" variant="secondary" dataCY="synthesis-cancel" onClick={onCancel}>
        {t('panel/cancel')}
      </Button>
    </div>
  );
}
