import { DicomMetadataStore } from '@ohif/core';
import { t } from '../../i18n/translate';
import type { CommandsManager, Instance } from '../types';
import { isSyntheticSeries, withPrefix } from './prefixAnnotations';

/** Precedes the contexts of the viewer's own extensions, which exist already. */
const CONTEXT = 'MODALITY_SYNTHESIS';
const COMMAND = 'createStoreFunction';

type Store = (dicom: Instance | Instance[], options?: object) => Promise<unknown>;

/**
 * Intercepts the command through which OHIF stores and downloads structured reports and segmentations.
 * Refuses a dataset that refers to an unsaved series, or to one that only a check shows. Labels one that
 * refers to a synthetic series: prefix in SeriesDescription, and SyntheticData (PS3.3 C.12.1), which applies
 * to everything derived from synthetic data.
 */
export function interceptStore(
  commandsManager: CommandsManager,
  unsaved: () => readonly string[],
  checks: () => readonly string[],
): void {
  commandsManager.createContext(CONTEXT);
  commandsManager.registerCommand(CONTEXT, COMMAND, {
    commandFn: (options: Record<string, unknown>) => {
      const store = commandsManager.runCommand(COMMAND, options, 'DEFAULT') as Store | null;
      if (!store) return store;
      return async (dicom: Instance | Instance[], more?: object) => {
        for (const dataset of [dicom].flat()) labelOrRefuse(dataset, unsaved(), checks());
        return store(dicom, more);
      };
    },
  });
}

function labelOrRefuse(dataset: Instance, unsaved: readonly string[], checks: readonly string[]): void {
  const series = referencedSeries(dataset);
  if (checks.some(uid => series.has(uid))) throw new Error(t('storage/report-refers-to-check'));
  if (unsaved.some(uid => series.has(uid))) {
    // OHIF shows the message of this error.
    throw new Error(t('storage/report-refers-to-unstored'));
  }
  if ([...series].some(isSyntheticSeries)) {
    dataset.SeriesDescription = withPrefix(dataset.SeriesDescription as string | undefined).slice(0, 64);
    dataset.SyntheticData = 'YES';
  }
}

/** SeriesInstanceUIDs of the series and images that the dataset refers to. */
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
