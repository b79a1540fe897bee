export type { ModelCard } from './bundle/fields';
export { CONTRAST_LABELS, CONTRASTS, type Contrast, ENGLISH_NAMES, isContrast } from './contrast/Contrast';
export { CONFIDENCE_LABELS, type Confidence } from './contrast/recognize';
export { isSynthetic } from './contrast/synthetic';
export { type Dataset, number, numbers, point } from './dicom/Dataset';
export { framesOf } from './dicom/frames';
export { PixelFault } from './dicom/PixelFault';
export { MANUFACTURER } from './dicom/provenance';
export { type Derivation, readRecord, type SourceRecord } from './dicom/record';
export { rescale } from './dicom/rescale';
export { seriesAttributes, synthesizingEquipment } from './dicom/seriesAttributes';
export { EXPLICIT_LITTLE_ENDIAN } from './dicom/transferSyntaxes';
export { writePart10 } from './dicom/writePart10';
export {
  asSynthesisError,
  nextTask,
  SynthesisError,
  type SynthesisErrorCode,
  throwIfCancelled,
} from './errors';
export { alignmentMessage, disclaimers, progressMessage, timeLeftMessage } from './jobMessages';
export * from './messages';
export { METHODS, settingsOf, textsOf } from './methods';
export type { Detail, Options, Target, TargetParameters } from './methods/Method';
export { detailsOf } from './models';
export type { AcquiredSources, Executor, OpenJob, RunOptions } from './pipeline/Executor';
export type { Job, JobPorts, StudyPort } from './pipeline/Job';
export { type MadeJob, type MadeSeries, makeSeries } from './pipeline/makeSeries';
export { type MeasuredSources, measureSources } from './pipeline/measureSources';
export { type ModelLookUp, preflightFacts } from './pipeline/preflightFacts';
export { flopsOf } from './preflight/checkCost';
export { factsOfFailure } from './preflight/facts';
export { PreflightStop, stopAtRed } from './preflight/PreflightStop';
export {
  CHECK_LABELS,
  type Check,
  type CheckId,
  type Level,
  type PreflightReport,
} from './preflight/report';
export { runPreflight } from './preflight/runPreflight';
export {
  counter,
  PROGRESS_TOTAL,
  type Progress,
  ProgressMeter,
  type Step,
  stageName,
  stageNames,
} from './progress';
export { type JobPlan, makePlan, type Plan, type SourceRow } from './series/plan';
export { describeSeries, type StudySeries } from './series/StudySeries';
export { gridOf, sortSlices } from './series/slices';
export type { Grid, Point3, Volume } from './volume/Volume';
