import type { Domain } from '../Domain';
import { appearanceOf, otherKind } from './checks/appearance';
import { checkCoverage } from './checks/checkCoverage';
import { checkHead } from './checks/checkHead';
import de from './de.json';
import { en, message } from './en';
import { EXTENT, REGISTRATION, SLICE_SPACING, SMALLEST_BRAIN, WINDOWS } from './limits';
import { doseOf } from './recognition/doseOf';
import { recognizeStudy } from './recognition/recognizeStudy';
import { BRAIN_NETWORK, type BrainManifest, brainManifestSchema } from './region/brainManifest';
import { type FoundBrain, findBrain } from './region/findBrain';
import { LOW_DOSE, ROLE_IDS, ROLES, SOURCE_ONLY } from './roles';

/** MR of the adult brain. */
export const brainMr: Domain<BrainManifest, FoundBrain> = {
  id: 'brain-mr',
  catalogs: { en, de: de satisfies Record<keyof typeof en, string> },
  roles: { ...ROLES, ...SOURCE_ONLY },
  makes: ROLE_IDS,
  recognize: recognizeStudy,
  told(parameter, sources, site) {
    const low = sources.get(LOW_DOSE);
    return parameter === 'given-dose' && low ? doseOf(low, site) : undefined;
  },
  otherKind: volume => otherKind(appearanceOf(volume)),
  extent: EXTENT,
  sliceSpacing: SLICE_SPACING,
  registration: REGISTRATION,
  region: {
    id: 'brain',
    bundle: 'brain-extraction',
    manifest: brainManifestSchema,
    networks: [BRAIN_NETWORK],
    smallest: SMALLEST_BRAIN,
    find: findBrain,
  },
  checks: {
    coverage: { label: message('brain-mr/check/coverage'), run: checkCoverage },
    head: { label: message('brain-mr/check/head'), run: checkHead },
  },
  // MR Image Storage. ScanningSequence and SequenceVariant are type 1 in MR Image (PS3.3 C.8.3.1): "research
  // mode" and none, since no sequence was run.
  output: {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    Modality: 'MR',
    BodyPartExamined: 'BRAIN',
    ScanningSequence: 'RM',
    SequenceVariant: 'NONE',
    ScanOptions: '',
    MRAcquisitionType: '',
    EchoTime: '',
    RepetitionTime: '',
    EchoTrainLength: '',
    RescaleType: 'US',
  },
  windows: WINDOWS,
  words: {
    study: message('brain-mr/study'),
    region: message('brain-mr/region'),
    unrecognized: message('brain-mr/unrecognized'),
    tooSmall: found => message('brain-mr/too-small', found),
    outside: view => message('brain-mr/outside', view),
    doubtful: series => message('brain-mr/doubtful', series),
    doubtfulRemedy: message('brain-mr/doubtful-remedy'),
  },
  cautions(target, sources) {
    if (target !== 't1ce') return [];
    return [
      sources.includes(LOW_DOSE) ? message('brain-mr/caution/dose') : message('brain-mr/caution/enhancement'),
    ];
  },
  checkCautions: target => (target === 't1ce' ? [message('brain-mr/caution/check')] : []),
};
