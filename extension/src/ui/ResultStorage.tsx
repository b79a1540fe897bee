import { t } from '../i18n/translate';
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
  const control = (action: 'Accept' | 'Reject' | 'Download', command: string) => (
    <button
      type="button"
      aria-label={t(`${action} {{name}}`, { name })}
      data-cy={`synthesis-${action.toLowerCase()}`}
      disabled={storage.status === 'storing'}
      onClick={() => runCommand(command, { SeriesInstanceUID })}
    >
      {t(action)}
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
      <div className="ms-row" style={{ justifyContent: 'flex-start' }}>
        {storage.status !== 'stored' && control('Accept', 'acceptSynthesis')}
        {storage.status !== 'stored' && control('Reject', 'rejectSynthesis')}
        {control('Download', 'downloadSynthesis')}
      </div>
    </>
  );
}

function words(storage: Storage): string {
  switch (storage.status) {
    case 'unsaved':
      return t('Only in this window. Accept stores it in the PACS, Reject removes it.');
    case 'storing':
      return storage.of
        ? t('Storing: {{done}} of {{of}} images', { done: storage.done, of: storage.of })
        : t('Storing');
    case 'failed':
      return storage.done
        ? `${storage.message} ${t('{{done}} of {{of}} images are in the PACS.', { done: storage.done, of: storage.of })}`
        : storage.message;
    case 'stored':
      return t('Stored in the PACS: {{images}} images, read back.', { images: storage.images });
  }
}
