import { PROGRESS_TOTAL, progressMessage, stageName, timeLeftMessage } from '@modality-synthesis/engine';
import { codesOf } from '../i18n/message';
import { t, translate } from '../i18n/translate';
import type { Job } from '../session/SynthesisService';
import type { RunCommand } from './types';

interface JobStatusProps {
  job: Job;
  canRun: boolean;
  runCommand: RunCommand;
}

/** The Synthesize button, or progress with Cancel; below it the outcome of the last job. */
export function JobStatus({ job, canRun, runCommand }: JobStatusProps) {
  if (job.status === 'running') return <Running job={job} onCancel={() => runCommand('cancelSynthesis')} />;
  return (
    <div>
      <button
        type="button"
        className="ms-main"
        data-cy="synthesis-run"
        disabled={!canRun}
        onClick={() => runCommand('startSynthesis')}
      >
        {job.status === 'waiting' ? t('panel/run-anyway') : t('panel/synthesize')}
      </button>
      <p
        className="ms-message"
        data-cy="synthesis-message"
        data-kind={job.status}
        data-code={job.status === 'idle' ? undefined : codesOf(job.text)}
        role={job.status === 'failed' ? 'alert' : 'status'}
        hidden={job.status === 'idle'}
      >
        {job.status === 'idle' ? '' : translate(job.text)}
      </p>
    </div>
  );
}

function Running({ job, onCancel }: { job: Extract<Job, { status: 'running' }>; onCancel: () => void }) {
  const { progress, provider, startedAt } = job;
  const percent = Math.floor((100 * (progress?.completed ?? 0)) / PROGRESS_TOTAL);
  const stage = progress ? translate(progressMessage(progress)) : t('panel/starting');
  const left = progress && timeLeftMessage(progress, Date.now() - startedAt);
  return (
    <div>
      <div
        className="ms-bar"
        role="progressbar"
        data-cy="synthesis-progress"
        data-stage={progress ? stageName(progress) : undefined}
        aria-label={t('panel/progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${percent} %: ${stage}`}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
      <p>
        {stage}
        {left && `, ${translate(left)}`}
      </p>
      {provider && <p className="ms-faint">{translate(provider)}</p>}
      <button type="button" data-cy="synthesis-cancel" onClick={onCancel}>
        {t('panel/cancel')}
      </button>
    </div>
  );
}
