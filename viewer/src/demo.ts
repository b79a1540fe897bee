/** Serves the viewer with folders of studies: through Orthanc where it is installed, else read-only. */
import { PACKAGE_NAMES } from '../kit/src';
import { textOf } from './dicomJson';
import { DICOMWEB_ROOT } from './dicomweb';
import { findOrthanc, startOrthanc } from './orthanc';
import { type RunningViewer, type StudySummary, startViewer } from './server';
import { indexStudies } from './studyIndex';

export { findOrthanc } from './orthanc';

/** For OHIF's configuration: models that the panel offers beside the shipped one. */
export const OFFERED_MODELS = `window.config.modalitySynthesis = {
  bundles: ['/${PACKAGE_NAMES.extension}/bundles/ccdm-dose-brain-mr'],
};`;

export interface DemoOptions {
  studies: string[];
  port: number;
  /** Use Orthanc where it is installed. */
  orthanc: boolean;
  /** Appended to OHIF's configuration. */
  appConfig?: string;
}

export interface RunningDemo {
  url: string;
  studies: StudySummary[];
  warnings: string[];
  /** Where the studies are, and whether results can be stored. */
  storage: string;
  close(): Promise<void>;
}

/** @throws UserError with a remedy */
export async function startDemo({ studies, port, orthanc, appConfig }: DemoOptions): Promise<RunningDemo> {
  const installation = orthanc ? findOrthanc() : undefined;
  if (!installation) {
    const viewer = await startViewer({ studies, port, appConfig });
    const why = orthanc ? ' (Orthanc with its DICOMweb plugin is not installed)' : '';
    return { ...viewer, storage: `Read-only${why}: to store results, give a PACS with --pacs.` };
  }
  const index = await indexStudies(studies, DICOMWEB_ROOT);
  const pacs = await startOrthanc(installation);
  let viewer: RunningViewer;
  try {
    await pacs.load(index.studies.flatMap(s => s.series.flatMap(({ files }) => files.map(f => f.path))));
    viewer = await startViewer({ studies: [], pacs: pacs.url, port, appConfig });
  } catch (error) {
    await pacs.close();
    throw error;
  }
  return {
    url: viewer.url,
    studies: index.studies.map(({ uid, series }) => ({
      uid,
      patientName: textOf(series[0].files[0].metadata, '00100010'),
      description: textOf(series[0].files[0].metadata, '00081030'),
    })),
    warnings: index.warnings,
    storage: 'The studies lie in an Orthanc of their own on this machine; its store is removed at the end.',
    close: async () => {
      await viewer.close();
      await pacs.close();
    },
  };
}
