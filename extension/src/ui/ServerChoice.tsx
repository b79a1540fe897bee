import { Button } from '@ohif/ui-next';
import { t } from '../i18n/translate';
import type { Job, SessionState } from '../session/SessionState';
import type { PanelService, RunCommand } from './types';

interface ServerChoiceProps {
  server: NonNullable<SessionState['server']>;
  job: Job;
  service: Pick<PanelService, 'chooseHere'>;
  runCommand: RunCommand;
}

/** Whether the site's server runs the networks, and after its failure the offer to run here. */
export function ServerChoice({ server: { host, here }, job, service, runCommand }: ServerChoiceProps) {
  const failed = job.status === 'failed' && job.code === 'server-failed' && !here;
  const runHere = () => {
    service.chooseHere(true);
    runCommand('startSynthesis');
  };
  return (
    <div>
      <label>
        <input
          type="checkbox"
          data-cy="synthesis-server"
          checked={!here}
          disabled={job.status === 'running'}
          onChange={event => service.chooseHere(!event.target.checked)}
        />{' '}
        {t('panel/server', { host })}
      </label>
      {failed && (
        <Button type="button" variant="secondary" dataCY="synthesis-run-here" onClick={runHere}>
          {t('panel/run-here')}
        </Button>
      )}
    </div>
  );
}
