import { StoreFailure } from './StoreFailure';

/** An archive as storing sees it. */
export interface Archive {
  /** Sends one Part-10 file. @throws StoreFailure */
  send(file: ArrayBuffer): Promise<void>;
  /** SOPInstanceUIDs of the series that the archive lists. @throws StoreFailure */
  list(): Promise<ReadonlySet<string>>;
}

export interface StoredImage {
  SOPInstanceUID: string;
  /** The Part-10 file. */
  read(): Promise<ArrayBuffer>;
}

/**
 * Sends each image that the archive does not have, one after another, and reads back that all are listed. Before an image
 * is sent again the archive is asked for it: an answer may be lost after its image has arrived, and no image goes twice.
 * @param retryDelays waits before the attempts after the first, ms
 * @param onStored told after each image, and at a failure, how many lie in the archive
 * @throws StoreFailure of the last attempt
 */
export async function storeImages(
  images: readonly StoredImage[],
  archive: Archive,
  retryDelays: readonly number[],
  onStored: (done: number) => void,
): Promise<void> {
  const count = (listed: ReadonlySet<string>) => images.filter(i => listed.has(i.SOPInstanceUID)).length;
  try {
    let listed = await withRetries(() => archive.list(), retryDelays);
    for (const [n, image] of images.entries()) {
      await withRetries(async again => {
        if (again) listed = await archive.list();
        if (!listed.has(image.SOPInstanceUID)) await archive.send(await image.read());
      }, retryDelays);
      onStored(n + 1);
    }
    await withRetries(async () => {
      if (count(await archive.list()) < images.length) throw new StoreFailure('not-listed');
    }, retryDelays);
  } catch (thrown) {
    // What the last answer did not translate; an archive that cannot be asked leaves the count as it was.
    await archive.list().then(
      listed => onStored(count(listed)),
      () => {},
    );
    throw thrown;
  }
}

/** Repeats what failed in passing, after each of the delays. */
async function withRetries<T>(
  attempt: (again: boolean) => Promise<T>,
  delays: readonly number[],
): Promise<T> {
  for (let n = 0; ; n++) {
    try {
      return await attempt(n > 0);
    } catch (thrown) {
      if (!(thrown instanceof StoreFailure) || !thrown.passing || n >= delays.length) throw thrown;
      await new Promise(resolve => setTimeout(resolve, delays[n]));
    }
  }
}
