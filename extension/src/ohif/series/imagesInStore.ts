import { describeSeries, framesOf } from '@modality-synthesis/engine';
import { DicomMetadataStore } from '@ohif/core';
import type { StudySeries } from '../../session/ViewerPort';
import type { Instance } from '../types';

type Stacks = ReturnType<typeof describeSeries<{ instance: Instance }>>;

/** By the instances of a series: they are asked for at every change. */
const described = new WeakMap<readonly Instance[], { of: number; stacks: Stacks }>();

/** Images in the metadata store, which keeps a study; display sets go at every change of the query. */
export function imagesInStore(series: StudySeries): readonly { instance: Instance }[] {
  const { StudyInstanceUID, SeriesInstanceUID } = series;
  const instances = DicomMetadataStore.getSeries(StudyInstanceUID, SeriesInstanceUID)?.instances;
  return (instances && storedStacks(instances).find(s => s.series.id === series.id)?.images) ?? [];
}

/** The stacks of one series, described anew when images came. */
function storedStacks(instances: readonly Instance[]): Stacks {
  const known = described.get(instances);
  if (known?.of === instances.length) return known.stacks;
  const images = instances.filter(i => i.Rows !== undefined).flatMap(framesOf);
  const stacks = describeSeries(images.map(instance => ({ instance })));
  described.set(instances, { of: instances.length, stacks });
  return stacks;
}
