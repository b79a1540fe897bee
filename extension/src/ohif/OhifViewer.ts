import { SynthesisError, studyMoment } from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import { t, translate } from '../i18n/translate';
import type { StudySeries, ViewerPort } from '../session/ViewerPort';
import type { Comparison } from './comparison/Comparison';
import { loginHeaders } from './login';
import { addReport, printReport } from './report/report';
import { showCheck } from './selfCheck/showCheck';
import { addSeries, amendSeries, restoreSeries } from './series/addSeries';
import { downloadSeries } from './series/downloadSeries';
import { imagesInStore } from './series/imagesInStore';
import { isImageSeries, loadedSeries } from './series/loadedSeries';
import { middlePicture } from './series/middlePicture';
import { readErrorMap } from './series/readErrorMap';
import { readVolume } from './series/readVolume';
import { removeSeries } from './series/removeSeries';
import { shownPosition } from './series/shownPosition';
import { show } from './show';
import { storeErrorMap } from './store/storeErrorMap';
import { storeSeries } from './store/storeSeries';
import type { ExtensionContext } from './types';

/** How long a notification stays, ms. */
const NOTICE_DURATION = { success: 5000, warning: 10_000, error: 20_000 };

/** OHIF as the session's ViewerPort. */
export function createOhifViewer(
  { servicesManager, extensionManager }: ExtensionContext,
  comparison: Pick<Comparison, 'shown'>,
): ViewerPort {
  const { services } = servicesManager;
  const displaySets = () => services.displaySetService.getActiveDisplaySets().filter(isImageSeries);
  const dataSource = () => extensionManager.getActiveDataSource()[0];
  const displaySetsOf = (uid: string) => services.displaySetService.getDisplaySetsForSeries(uid);
  const loaded = (study: string) =>
    loadedSeries(
      displaySets().filter(d => d.StudyInstanceUID === study),
      dataSource(),
    );
  const find = (series: StudySeries) => {
    const found = loaded(series.StudyInstanceUID).find(l => l.series.id === series.id);
    const text = message('series/not-loaded', { series: series.description });
    if (!found) throw new SynthesisError('source-unreadable', text);
    return found;
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
    series: study => loaded(study).map(l => l.series),
    images: imagesInStore,
    partsOf(study) {
      const all = displaySets();
      const momentOf = (uid: string) => {
        const shown = all.find(d => d.StudyInstanceUID === uid)?.instances?.[0];
        return shown ? studyMoment(shown) : null;
      };
      const moment = momentOf(study);
      const studies = [...new Set(all.map(d => d.StudyInstanceUID))];
      return moment === null ? 1 : studies.filter(uid => momentOf(uid) === moment).length;
    },
    picture: async series => middlePicture(find(series), extensionManager),
    readVolume: async (series, onImage, signal) =>
      readVolume(find(series), loginHeaders(services), onImage, signal),
    shownPosition(series) {
      const [displaySet] = displaySetsOf(series.SeriesInstanceUID);
      return displaySet && shownPosition(displaySet, services);
    },
    addSeries,
    hasSeries: uid => displaySetsOf(uid).length > 0,
    restoreSeries,
    storeSeries: (series, options, onStored) =>
      storeSeries(series, options, dataSource(), services, onStored),
    storeErrorMap: (series, map, options) => storeErrorMap(series, map, options, dataSource(), services),
    readErrorMap: uid => readErrorMap(uid, dataSource(), services),
    removeSeries: series => removeSeries(series, services),
    downloadSeries,
    addReport: result => addReport(result, loaded(result.study)),
    printReport: result => printReport(result, loaded(result.study)),
    show(series) {
      const [result] = displaySetsOf(series);
      if (result) show(result.displaySetInstanceUID, services);
    },
    compared: () => comparison.shown(),
    amendSeries,
    showCheck(acquired, remade, difference) {
      const [source, ...made] = [acquired, remade, difference].flatMap(uid => displaySetsOf(uid).slice(0, 1));
      showCheck(source, made, services);
    },
    notify(kind, text) {
      const title = t('panel/synthesize-missing');
      const message = translate(text);
      services.uiNotificationService.show({ title, message, type: kind, duration: NOTICE_DURATION[kind] });
    },
  };
}
