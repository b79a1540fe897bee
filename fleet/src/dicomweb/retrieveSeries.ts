import { type FileHandle, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { StoreFailure } from '@modality-synthesis/engine';
import type { DicomWeb } from './DicomWeb';
import { multipartPieces, PART } from './multipart';

/**
 * WADO-RS of a series into a folder, straight to its files.
 * @returns how many images arrived
 * @throws StoreFailure
 */
export async function retrieveSeries(
  pacs: DicomWeb,
  study: string,
  SeriesInstanceUID: string,
  folder: string,
): Promise<number> {
  const { boundary, body } = await pacs.images(`/studies/${study}/series/${SeriesInstanceUID}`);
  await mkdir(folder, { recursive: true });
  let images = 0;
  let file: FileHandle | undefined;
  try {
    for await (const piece of multipartPieces(body, boundary)) {
      if (piece === PART) {
        await file?.close();
        file = await open(path.join(folder, `${++images}.dcm`), 'w');
      } else await file?.write(piece);
    }
  } catch (thrown) {
    // What the disk says is not the archive's fault.
    if ((thrown as NodeJS.ErrnoException).syscall === 'write') throw thrown;
    throw new StoreFailure('connection');
  } finally {
    await file?.close();
  }
  return images;
}
