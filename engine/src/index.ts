export type { ModelCard } from './bundle/fields';
export { CONTRAST_LABELS, CONTRASTS, type Contrast, ENGLISH_NAMES, isContrast } from './contrast/Contrast';
export { CONFIDENCE_LABELS, type Confidence } from './contrast/recognize';
export { isSynthetic } from './contrast/synthetic';
export type { Dataset } from './dicom/Dataset';
export { derivedSeries } from './dicom/derivedSeries';
export { writePart10 } from './dicom/part10';
export { readPart10 } from './dicom/readPart10';
export { type Derivation, readRecord, type SourceRecord } from './dicom/record';
export { asSynthesisError, SynthesisError, type SynthesisErrorCode, throwIfCancelled } from './errors';
export * from './messages';
export { flopsOf } from './preflight/cost';
export { downloadOf } from './preflight/downloadOf';
export { factsOfFailure, type PixelFacts, type PreflightFacts } from './preflight/facts';
export { PreflightStop, stopAtRed } from './preflight/PreflightStop';
export { preflight } from './preflight/preflight';
export {
  CHECK_LABELS,
  type Check,
  type CheckId,
  type Level,
  type PreflightReport,
} from './preflight/report';
export { PROGRESS_TOTAL, type Progress, ProgressMeter, STAGES, type Stage, type Step } from './progress';
export { recordSource } from './recordSource';
export { type Alignment, registrationRecords } from './registration/Alignment';
export { applyRegistration } from './registration/applyRegistration';
export { number, numbers, point, seriesAttributes } from './series/attributes';
export { framesOf } from './series/frames';
export { gridOf } from './series/gridOf';
export { PixelFault } from './series/PixelFault';
export { makePlan, type Plan, type SourceRow } from './series/plan';
export { rescale } from './series/rescale';
export { describeSeries, freeSeriesNumber, type StudySeries } from './series/StudySeries';
export { sortSlices } from './series/slices';
export type { Grid, Point3, Volume } from './volume/Volume';
export { alignmentWords, progressWords, timeLeftWords, warnings } from './words';
