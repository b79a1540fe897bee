import {
  type Message,
  PROGRESS_TOTAL,
  progressMessage,
  stageName,
  timeLeftMessage,
} from '@modality-synthesis/engine';
import { Button, ProgressLoadingBar } from '@ohif/ui-next';
import { t, translate } from '../i18n/translate';
import type { Job } from '../session/SynthesisService';
import type { RunCommand } from './types';

interface JobControlProps {
  job: Job;
  canRun: boolean;
  /** How long the networks will take, where it is known. */
  duration?: Message;
  runCommand: RunCommand;
}

/** The Synthesize button with its time, or progress with Cancel. */
export function JobControl({ job, canRun, duration, runCommand }: JobControlProps) {
  if (job.status === 'running') return <Running job={job} onCancel={() => runCommand('cancelSynthesis')} />;
  return (
    <div>
      <Button
        type="button"
        size="lg"
        className="w-full"
        dataCY="synthesis-run"
        aria-describedby={duration && 'ms-duration'}
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
        role="progressbar"
        data-cy="synthesis-progress"
        data-stage={progress ? stageName(progress) : undefined}
        aria-label={t('panel/progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${percent} %: ${stage}`}
      >
        <ProgressLoadingBar progress={percent} />
      </div>
      <p>
        {stage}
        {left && `, ${translate(left)}`}
      </p>
      {provider && <p className="ms-faint">{translate(provider)}</p>}
      <Button type="button" variant="secondary" dataCY="synthesis-cancel" onClick={onCancel}>
        {t('panel/cancel')}
      </Button>
    </div>
  );
}
