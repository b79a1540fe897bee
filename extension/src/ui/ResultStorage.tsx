import { t, translate } from '../i18n/translate';
import type { Result, Storage } from '../session/Results';
import type { RunCommand } from './types';

interface ResultStorageProps {
  result: Result;
  /** What the result is called, for the controls' labels. */
  name: string;
  runCommand: RunCommand;
}

/** Where a result is on its way into the archive, and what can be done with it there. */
export function ResultStorage({
  result: { SeriesInstanceUID, storage },
  name,
  runCommand,
}: ResultStorageProps) {
  const control = (action: 'accept' | 'reject' | 'download', word: string, label: string) => (
    <button
      type="button"
      aria-label={label}
      data-cy={`synthesis-${action}`}
      disabled={storage.status === 'storing'}
      onClick={() => runCommand(`${action}Synthesis`, { SeriesInstanceUID })}
    >
      {word}
    </button>
  );
  return (
    <>
      <span
        className={storage.status === 'failed' ? 'ms-message' : 'ms-faint'}
        data-kind={storage.status}
        data-cy="synthesis-storage"
        role={storage.status === 'failed' ? 'alert' : 'status'}
      >
        {words(storage)}
      </span>
      <div className="ms-buttons">
        {storage.status !== 'stored' &&
          control('accept', t('result/accept'), t('result/accept-named', { result: name }))}
        {storage.status !== 'stored' &&
          control('reject', t('result/reject'), t('result/reject-named', { result: name }))}
        {control('download', t('result/download'), t('result/download-named', { result: name }))}
      </div>
    </>
  );
}

function words(storage: Storage): string {
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
      return t('result/stored', { count: storage.images });
  }
}
