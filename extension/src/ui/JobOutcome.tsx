import { codesOf } from '../i18n/message';
import { translate } from '../i18n/translate';
import type { Job } from '../session/SessionState';

/** What became of the last job, or what it waits for. */
export function JobOutcome({ job }: { job: Job }) {
  const text = 'text' in job ? job.text : undefined;
  return (
    <p
      className="ms-message"
      data-cy="synthesis-message"
      data-kind={job.status}
      data-code={text && codesOf(text)}
      role={job.status === 'failed' ? 'alert' : 'status'}
      hidden={!text}
    >
      {text && translate(text)}
    </p>
  );
}
