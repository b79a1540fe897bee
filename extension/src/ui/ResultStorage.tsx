import { t, tell } from '../i18n/translate';
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
        {storage.status !== 'stored' && control('accept', t`Accept`, t`Accept ${name}`)}
        {storage.status !== 'stored' && control('reject', t`Reject`, t`Reject ${name}`)}
        {control('download', t`Download`, t`Download ${name}`)}
      </div>
    </>
  );
}

function words(storage: Storage): string {
  switch (storage.status) {
    case 'unsaved':
      return t`Only in this window. Accept stores it in the PACS, Reject removes it.`;
    case 'storing':
      return storage.of ? t`Storing: ${storage.done} of ${storage.of} images` : t`Storing`;
    case 'failed':
      return storage.done
        ? `${tell(storage.sentence)} ${t`${storage.done} of ${storage.of} images are in the PACS.`}`
        : tell(storage.sentence);
    case 'stored':
      return t`Stored in the PACS: ${storage.images} images, read back.`;
  }
}
