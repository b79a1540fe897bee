import { Button } from '@ohif/ui-next';
import { t, translate } from '../i18n/translate';
import type { Result, Storage } from '../session/Results';
import type { RunCommand } from './types';

interface ResultStorageProps {
  result: Result;
  /** Name of the result, for the labels of the buttons. */
  name: string;
  /** The site wants a check before Accept, and there was none. */
  lacksCheck: boolean;
  runCommand: RunCommand;
}

/** Storage state of a result, with Accept, Reject, Report and Download. */
export function ResultStorage({
  result: { SeriesInstanceUID, storage },
  name,
  lacksCheck,
  runCommand,
}: ResultStorageProps) {
  const control = (action: 'accept' | 'reject' | 'download' | 'print', text: string, label: string) => (
    <Button
      type="button"
      variant="secondary"
      aria-label={label}
      dataCY={`synthesis-${action}`}
      disabled={storage.status === 'storing' || (action === 'accept' && lacksCheck)}
      onClick={() => runCommand(`${action}Synthesis`, { SeriesInstanceUID })}
    >
      {text}
    </Button>
  );
  return (
    <>
      <span
        className={storage.status === 'failed' ? 'ms-message' : 'ms-faint'}
        data-kind={storage.status}
        data-cy="synthesis-storage"
        role={storage.status === 'failed' ? 'alert' : 'status'}
      >
        {storageText(storage)}
      </span>
      {lacksCheck && (
        <span className="ms-faint" data-cy="synthesis-check-required">
          {t('self-check/required')}
        </span>
      )}
      <div className="ms-buttons">
        {storage.status !== 'stored' &&
          control('accept', t('result/accept'), t('result/accept-named', { result: name }))}
        {storage.status !== 'stored' &&
          control('reject', t('result/reject'), t('result/reject-named', { result: name }))}
        {control('print', t('result/print'), t('result/print-named', { result: name }))}
        {control('download', t('result/download'), t('result/download-named', { result: name }))}
      </div>
    </>
  );
}

function storageText(storage: Storage): string {
  switch (storage.status) {
    case 'unsaved':
      return t('result/unsaved');
    case 'storing':
      return storage.of
        ? t('result/storing-count', { done: storage.done, of: storage.of })
        : t('result/storing');
    case 'failed':
      return storage.done
        ? `${translate(storage.text)} ${t('result/partly-stored', { done: storage.done, of: storage.of })}`
        : translate(storage.text);
    case 'stored':
      return [t('result/stored', { count: storage.images }), translate(storage.mapFailure ?? '')]
        .join(' ')
        .trim();
  }
}
