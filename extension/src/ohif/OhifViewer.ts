import {
  derivedSeries,
  describeSeries,
  freeSeriesNumber,
  SynthesisError,
  sortSlices,
} from '@modality-synthesis/engine';
import { DicomMetadataStore } from '@ohif/core';
import type { StudySeries, ViewerPort } from '../session/ViewerPort';
import { addSeries } from './addSeries';
import { downloadSeries } from './downloadSeries';
import { readVolume } from './readVolume';
import { removeSeries } from './removeSeries';
import { restoreSeries } from './restoreSeries';
import { compare, show } from './show';
import { storeSeries } from './storeSeries';
import type { DisplaySet, ExtensionContext, Instance } from './types';

/** How long a notice stays, ms; what went wrong takes longer to read. */
const NOTICE_DURATION = { success: 5000, warning: 10_000, error: 20_000 };

/** The viewer as the session sees it. */
export function createOhifViewer({ servicesManager, extensionManager }: ExtensionContext): ViewerPort {
  const { services } = servicesManager;
  const displaySets = () => services.displaySetService.getActiveDisplaySets().filter(isImageSeries);
  const dataSource = () => extensionManager.getActiveDataSource()[0];
  const displaySetsOf = (uid: string) => services.displaySetService.getDisplaySetsForSeries(uid);
  const displaySetOf = (series: StudySeries): DisplaySet => {
    const [displaySet] = displaySetsOf(series.SeriesInstanceUID);
    if (!displaySet) {
      throw new SynthesisError(
        'source-unreadable',
        `The series “${series.description}” is no longer loaded.`,
      );
    }
    return displaySet;
  };
  return {
    activeStudy() {
      const { activeViewportId, viewports } = services.viewportGridService.getState();
      const [uid] = (activeViewportId && viewports.get(activeViewportId)?.displaySetInstanceUIDs) || [];
      const shown = uid && services.displaySetService.getDisplaySetByUID(uid)?.StudyInstanceUID;
      if (shown) return shown;
      const studies = new Set(displaySets().map(d => d.StudyInstanceUID));
      return studies.size === 1 ? [...studies][0] : undefined;
    },
    series: study =>
      displaySets()
        .filter(d => d.StudyInstanceUID === study)
        .map(describe)
        .sort((a, b) => a.SeriesNumber - b.SeriesNumber),
    readVolume: (series, onImage, signal) =>
      readVolume(displaySetOf(series), series.description, dataSource(), onImage, signal),
    addSeries(volume, reference, derivation) {
      // From the metadata store: display sets come and go with every query change, the metadata of a study stays.
      const instances = (uid: string) =>
        DicomMetadataStore.getSeries(reference.StudyInstanceUID, uid)?.instances ?? [];
      const images = instances(reference.SeriesInstanceUID).map(instance => ({ instance }));
      const { slices } = sortSlices(images, reference.description);
      const datasets = derivedSeries({
        volume,
        reference: slices.map(s => s.instance),
        sources: derivation.sources.flatMap(({ SeriesInstanceUID }) => instances(SeriesInstanceUID)),
        seriesNumber: freeSeriesNumber(
          displaySets()
            .filter(d => d.StudyInstanceUID === reference.StudyInstanceUID)
            .map(d => Number(d.SeriesNumber)),
        ),
        derivation,
        now: new Date(),
      });
      addSeries(datasets);
      return String(datasets[0].SeriesInstanceUID);
    },
    hasSeries: uid => displaySetsOf(uid).length > 0,
    restoreSeries,
    storeSeries: (series, options, onStored) =>
      storeSeries(series, options, dataSource(), services, onStored),
    removeSeries: series => removeSeries(series, services),
    downloadSeries,
    show(series) {
      const [made] = displaySetsOf(series);
      if (made) show(made.displaySetInstanceUID, services);
    },
    compare(referenceSeries, series) {
      const [reference] = displaySetsOf(referenceSeries);
      const [made] = displaySetsOf(series);
      if (reference && made) compare(reference.displaySetInstanceUID, made.displaySetInstanceUID, services);
    },
    notify(kind, message) {
      const title = 'Synthesize missing modality';
      services.uiNotificationService.show({ title, message, type: kind, duration: NOTICE_DURATION[kind] });
    },
  };
}

function isImageSeries(displaySet: DisplaySet): boolean {
  return (
    !displaySet.unsupported &&
    (displaySet.instances?.length ?? 0) > 0 &&
    displaySet.instances![0].Rows !== undefined
  );
}

function describe(displaySet: DisplaySet): StudySeries {
  const series = describeSeries(displaySet.instances as Instance[]);
  return {
    ...series,
    displaySetInstanceUID: displaySet.displaySetInstanceUID,
    SeriesInstanceUID: displaySet.SeriesInstanceUID,
    StudyInstanceUID: displaySet.StudyInstanceUID,
    SeriesNumber: Number(displaySet.SeriesNumber ?? series.SeriesNumber),
    description: displaySet.SeriesDescription || series.description,
  };
}
