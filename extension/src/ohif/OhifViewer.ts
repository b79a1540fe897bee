import { derivedSeries, type Point3, SynthesisError } from '@modality-synthesis/engine';
import { DicomMetadataStore } from '@ohif/core';
import { vec3 } from 'gl-matrix';
import { version } from '../id';
import type { StudySeries, ViewerPort } from '../session/ViewerPort';
import { addSeries } from './addSeries';
import { numbers, seriesAttributes } from './attributes';
import { readVolume } from './readVolume';
import { compare, show } from './show';
import { sortSlices } from './slices';
import type { DisplaySet, ExtensionContext, Instance } from './types';

/** First SeriesNumber given to a derived series; behind the sources in every list. */
const FIRST_DERIVED_NUMBER = 900;

/** How long a notice stays, ms; what went wrong takes longer to read. */
const NOTICE_DURATION = { success: 5000, warning: 10_000, error: 20_000 };

/** The viewer as the session sees it. */
export function createOhifViewer({ servicesManager, extensionManager }: ExtensionContext): ViewerPort {
  const { services } = servicesManager;
  const displaySets = () => services.displaySetService.getActiveDisplaySets().filter(isImageSeries);
  const dataSource = () => extensionManager.getActiveDataSource()[0];
  const displaySetOf = (series: StudySeries): DisplaySet => {
    const [displaySet] = services.displaySetService.getDisplaySetsForSeries(series.SeriesInstanceUID);
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
        .map(describeSeries)
        .sort((a, b) => a.SeriesNumber - b.SeriesNumber),
    readVolume: (series, onImage, signal) =>
      readVolume(displaySetOf(series), series.description, dataSource(), onImage, signal),
    addSeries(volume, reference, derivation) {
      // From the metadata store: display sets come and go with every query change, the metadata of a study stays.
      const series = DicomMetadataStore.getSeries(reference.StudyInstanceUID, reference.SeriesInstanceUID);
      const images = (series?.instances ?? []).map(instance => ({ instance }));
      const { slices } = sortSlices(images, reference.description);
      const datasets = derivedSeries({
        volume,
        reference: slices.map(s => s.instance),
        seriesNumber: freeSeriesNumber(
          displaySets().filter(d => d.StudyInstanceUID === reference.StudyInstanceUID),
        ),
        derivation: { ...derivation, softwareVersion: version },
        now: new Date(),
      });
      addSeries(datasets);
      const [made] = services.displaySetService.getDisplaySetsForSeries(
        String(datasets[0].SeriesInstanceUID),
      );
      return made.displaySetInstanceUID;
    },
    hasDisplaySet: uid =>
      services.displaySetService.getActiveDisplaySets().some(d => d.displaySetInstanceUID === uid),
    show: uid => show(uid, services),
    compare: (reference, uid) => compare(reference, uid, services),
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

function describeSeries(displaySet: DisplaySet): StudySeries {
  const instances = displaySet.instances as Instance[];
  const [first] = instances;
  const orientation = numbers(first.ImageOrientationPatient, 6);
  const normal = orientation
    ? vec3.cross([0, 0, 0], orientation.slice(0, 3) as Point3, orientation.slice(3) as Point3)
    : [0, 0, 0];
  const spacing = numbers(first.PixelSpacing, 2);
  return {
    displaySetInstanceUID: displaySet.displaySetInstanceUID,
    SeriesInstanceUID: displaySet.SeriesInstanceUID,
    StudyInstanceUID: displaySet.StudyInstanceUID,
    SeriesNumber: Number(displaySet.SeriesNumber ?? first.SeriesNumber ?? 0),
    description: displaySet.SeriesDescription || String(first.SeriesDescription ?? '') || '(no description)',
    attributes: seriesAttributes(first),
    images: instances.length,
    inPlaneSpacing: spacing ? Math.max(...spacing) : Number.POSITIVE_INFINITY,
    axiality: Math.abs(normal[2]),
  };
}

function freeSeriesNumber(displaySets: readonly DisplaySet[]): number {
  const used = displaySets.map(d => Number(d.SeriesNumber)).filter(Number.isFinite);
  return Math.max(FIRST_DERIVED_NUMBER, ...used) + 1;
}
