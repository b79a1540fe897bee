import { expect, it } from 'vitest';
import { enhanced } from '../testing/enhanced';
import { referenceInstances } from '../testing/reference';
import { framesOf } from './frames';
import { hashOfImages } from './hashOfImages';

const images = referenceInstances(3);
const frames = framesOf(enhanced(images));

it('depends on which images there are, and on nothing else', async () => {
  const hash = await hashOfImages(images);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  const renamed = images.map(image => ({ ...image, PatientName: 'Another' }));
  expect(await hashOfImages(renamed.reverse())).toBe(hash);
  expect(await hashOfImages(images.slice(1))).not.toBe(hash);
  expect(await hashOfImages([...images.slice(1), { ...images[0], SOPInstanceUID: '1.2.3' }])).not.toBe(hash);
});

it('tells the frames of one instance apart', async () => {
  expect(await hashOfImages(frames.slice(1))).not.toBe(await hashOfImages(frames.slice(0, -1)));
});
