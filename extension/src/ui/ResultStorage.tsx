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
  const control = (action: string, command: string) => (
    <button
      type="button"
      aria-label={`${action} ${name}`}
      data-cy={`synthesis-${action.toLowerCase()}`}
      disabled={storage.status === 'storing'}
      onClick={() => runCommand(command, { SeriesInstanceUID })}
    >
      {action}
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
      return 'Only in this window. Accept stores it in the PACS, Reject removes it.';
    case 'storing':
      return storage.of ? `Storing: ${storage.done} of ${storage.of} images` : 'Storing';
    case 'failed':
      return storage.done
        ? `${storage.message} ${storage.done} of ${storage.of} images are in the PACS.`
        : storage.message;
    case 'stored':
      return `Stored in the PACS: ${storage.images} images, read back.`;
  }
}
