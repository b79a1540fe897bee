import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Dataset } from '../dicom/Dataset';
import { hashOfImages } from '../dicom/hashOfImages';
import { sourceReferences } from '../dicom/references';
import { derivation } from '../testing/derivation';
import { enhanced } from '../testing/enhanced';
import { phantomDatasets, writeDatasets } from '../testing/phantomStudy';
import { temporaryFolder } from '../testing/tools';
import { planReproduction } from './planReproduction';
import { readStudy } from './readStudy';

it('takes of a multi-frame image with two echoes the one whose frames the record names', async () => {
  const { folder, cleanUp } = await temporaryFolder();
  onTestFinished(cleanUp);
  const [images] = phantomDatasets({
    number: 44,
    series: [{ role: 't1', dims: [12, 10, 9], spacing: [20, 20, 15] }],
  });
  const echoes = [10, 20].flatMap(EchoTime => images.map(image => ({ ...image, EchoTime })));
  await writeDatasets(path.join(folder, 't1'), [enhanced(echoes)]);
  const study = await readStudy(folder);
  expect(study.series).toHaveLength(2);

  for (const series of study.series) {
    const frames = series.files.map(f => f.instance);
    const { SeriesInstanceUID } = series;
    const source = { role: 't1' as const, SeriesInstanceUID, images: 9, sha256: 'ab'.repeat(32) };
    const planOf = (instance: Dataset, uids?: string) => {
      const record = derivation({ sources: [{ ...source, uids }], reference: 't1' });
      return planReproduction(study, { path: 'made.dcm', record, instance }, folder);
    };
    // A record without a hash is of an image that refers to all frames.
    for (const plan of [await planOf(sourceReferences(frames)), await planOf({}, await hashOfImages(frames))])
      expect(plan.sources.get('t1')?.id).toBe(series.id);
    await expect(planOf(sourceReferences(frames.slice(1)))).rejects.toThrow('some of its images are others');
    await expect(planOf({}, await hashOfImages(frames.slice(1)))).rejects.toThrow('images are others');
  }
});
