import { EVENTS, getRenderingEngine, metaData, type Types } from '@cornerstonejs/core';
import { SynchronizerManager } from '@cornerstonejs/tools';
import type { Instance } from '../types';
import { linkedImage, type ShownStack } from './linkedImage';

/** A type of OHIF's synchronizers: that of `imageslice` goes by the corners of images, wrong where tilted. */
export const SLICE_LINK = 'modality-synthesis-slice';

/** Sync group in which results scroll with the acquired series of their study. */
export const LINK = { type: SLICE_LINK, id: 'modality-synthesis-slices', source: true, target: true };

type Viewport = Parameters<Parameters<typeof SynchronizerManager.createSynchronizer>[2]>[1];

/** Makes stacks follow each other by position. */
export function createSliceLink(id: string) {
  return SynchronizerManager.createSynchronizer(id, EVENTS.STACK_NEW_IMAGE, (_link, source, target) =>
    follow(source, target),
  );
}

async function follow(source: Viewport, target: Viewport): Promise<void> {
  const [from, to] = [stackOf(source), stackOf(target)];
  if (!from || !to) return;
  // Meanwhile the source may have gone on.
  for (let index = next(from, to); index !== undefined; index = next(from, to))
    await to.setImageIdIndex(index);
}

function next(from: Types.IStackViewport, to: Types.IStackViewport): number | undefined {
  return from.isDisabled || to.isDisabled ? undefined : linkedImage(shownBy(from), shownBy(to));
}

function shownBy(viewport: Types.IStackViewport): ShownStack {
  const images = viewport.getImageIds().map(imageId => (metaData.get('instance', imageId) ?? {}) as Instance);
  return { images, index: viewport.getCurrentImageIdIndex() };
}

function stackOf({ renderingEngineId, viewportId }: Viewport): Types.IStackViewport | undefined {
  const viewport = getRenderingEngine(renderingEngineId)?.getViewport(viewportId);
  return viewport && 'setImageIdIndex' in viewport ? (viewport as Types.IStackViewport) : undefined;
}
