import { readFile } from 'node:fs/promises';
import {
  type Archive,
  refusedInstances,
  type StoredImage,
  StoreFailure,
  storeImages,
} from '@modality-synthesis/engine';
import { filesUnder, readInstanceUid } from '@modality-synthesis/engine/dicom/node';
import { type DicomWeb, textOf } from './DicomWeb';

const SOP_INSTANCE_UID = '00080018';
/** Waits before an image is sent again, ms; the queue has longer ones. */
const RETRIES = [1000, 5000];

/**
 * STOW-RS of a series, the files of a folder, image by image. What the archive already has is not sent
 * again; in the end it must list all.
 * @throws StoreFailure
 */
export async function storeFolder(
  pacs: DicomWeb,
  study: string,
  SeriesInstanceUID: string,
  folder: string,
): Promise<void> {
  const images: StoredImage[] = [];
  for (const file of await filesUnder(folder)) images.push(await imageIn(file));
  const archive: Archive = {
    send: async file => {
      const failed = refusedInstances(await pacs.store(study, file));
      if (failed.length > 0) throw new StoreFailure('refused', failed);
    },
    list: () => listedImages(pacs, `/studies/${study}/series/${SeriesInstanceUID}/instances`),
  };
  await storeImages(images, archive, RETRIES, () => {});
}

async function listedImages(pacs: DicomWeb, path: string): Promise<Set<string>> {
  const listed = new Set<string>();
  try {
    for await (const json of pacs.search(path)) listed.add(textOf(json, SOP_INSTANCE_UID));
  } catch (thrown) {
    // Some archives say so of a series that they do not have.
    if (!(thrown instanceof StoreFailure && thrown.status === 404)) throw thrown;
  }
  return listed;
}

async function imageIn(file: string): Promise<StoredImage> {
  const read = async () => new Uint8Array(await readFile(file)).buffer;
  return { SOPInstanceUID: await readInstanceUid(file), read };
}
