import { DicomMetadataStore } from '@ohif/core';
import { t } from '../i18n/translate';
import { isSyntheticSeries } from './labelDrawings';
import { withWord } from './syntheticWord';
import type { CommandsManager, Instance } from './types';

/** Comes before the contexts of the viewer's own extensions, which were made earlier. */
const CONTEXT = 'MODALITY_SYNTHESIS';
const COMMAND = 'createStoreFunction';

type Store = (dicom: Instance | Instance[], options?: object) => Promise<unknown>;

/**
 * Puts itself before the command through which OHIF stores and downloads structured reports and segmentations: what refers
 * to an unsaved series is refused, for it would dangle; what refers to a synthetic one says so in its description and
 * by SyntheticData (PS3.3 C.12.1), which holds for whatever derives from synthetic data.
 */
export function guardReports(commandsManager: CommandsManager, unsaved: () => readonly string[]): void {
  commandsManager.createContext(CONTEXT);
  commandsManager.registerCommand(CONTEXT, COMMAND, {
    commandFn: (options: Record<string, unknown>) => {
      const store = commandsManager.runCommand(COMMAND, options, 'DEFAULT') as Store | null;
      if (!store) return store;
      return async (dicom: Instance | Instance[], more?: object) => {
        for (const dataset of [dicom].flat()) check(dataset, unsaved());
        return store(dicom, more);
      };
    },
  });
}

function check(dataset: Instance, unsaved: readonly string[]): void {
  const series = referencedSeries(dataset);
  if (unsaved.some(uid => series.has(uid))) {
    // The viewer shows what was thrown as it is.
    throw new Error(t('storage/report-refers-to-unstored'));
  }
  if ([...series].some(isSyntheticSeries)) {
    dataset.SeriesDescription = withWord(dataset.SeriesDescription as string | undefined).slice(0, 64);
    dataset.SyntheticData = 'YES';
  }
}

/** SeriesInstanceUID of whatever the dataset refers to, by its series or by its images. */
function referencedSeries(dataset: Instance): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    for (const [keyword, inner] of Object.entries(value)) {
      if (keyword === 'ReferencedSOPInstanceUID') {
        const series = seriesOf(String(dataset.StudyInstanceUID), String(inner));
        if (series) found.add(series);
      } else if (keyword === 'SeriesInstanceUID' && value !== dataset) found.add(String(inner));
      else visit(inner);
    }
  };
  visit(dataset);
  return found;
}

function seriesOf(study: string, SOPInstanceUID: string): string | undefined {
  return DicomMetadataStore.getStudy(study)?.series.find(s => s.getInstance(SOPInstanceUID))
    ?.SeriesInstanceUID;
}
