import { StoreFailure } from './StoreFailure';

/** One series of an archive. */
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
 * Sends the images that the archive lacks, one after another, and checks that the archive lists all. It asks
 * the archive before each retry, because a response may be lost after the image arrived: no image is stored
 * twice.
 * @param retryDelays waits before the second and later attempts, ms
 * @param onStored receives the number of images in the archive after each image and at a failure
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
      await withRetries(async isRetry => {
        if (isRetry) listed = await archive.list();
        if (!listed.has(image.SOPInstanceUID)) await archive.send(await image.read());
      }, retryDelays);
      onStored(n + 1);
    }
    await withRetries(async () => {
      if (count(await archive.list()) < images.length) throw new StoreFailure('not-listed');
    }, retryDelays);
  } catch (thrown) {
    // The last image may have arrived. If the archive does not answer, the count stays.
    await archive.list().then(
      listed => onStored(count(listed)),
      () => {},
    );
    throw thrown;
  }
}

/** Repeats an attempt after each delay as long as its failure is transient. */
async function withRetries<T>(
  attempt: (isRetry: boolean) => Promise<T>,
  delays: readonly number[],
): Promise<T> {
  for (let n = 0; ; n++) {
    try {
      return await attempt(n > 0);
    } catch (thrown) {
      if (!(thrown instanceof StoreFailure) || !thrown.transient || n >= delays.length) throw thrown;
      await new Promise(resolve => setTimeout(resolve, delays[n]));
    }
  }
}
