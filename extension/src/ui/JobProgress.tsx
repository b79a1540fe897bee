import {
  PROGRESS_TOTAL,
  type Progress,
  progressMessage,
  stageName,
  timeLeftMessage,
} from '@modality-synthesis/engine';
import { ProgressLoadingBar } from '@ohif/ui-next';
import { t, translate } from '../i18n/translate';

interface JobProgressProps {
  /** Of the bar, for the screen reader. */
  label: string;
  dataCY: string;
  progress: Progress | null;
  /** ms since 1970 */
  startedAt: number;
}

/** How far a job or a check is: its bar, what it does, and the time left. */
export function JobProgress({ label, dataCY, progress, startedAt }: JobProgressProps) {
  const percent = Math.floor((100 * (progress?.completed ?? 0)) / PROGRESS_TOTAL);
  const stage = progress ? translate(progressMessage(progress)) : t('panel/starting');
  const left = progress && timeLeftMessage(progress, Date.now() - startedAt);
  return (
    <>
      <div
        role="progressbar"
        data-cy={dataCY}
        data-stage={progress ? stageName(progress) : undefined}
        aria-label={label}
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
    </>
  );
}
