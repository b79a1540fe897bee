export type { CommonManifest, ModelCard, TargetDeclaration } from './bundle/fields';
export { type Dataset, items, number, numbers, point } from './dicom/Dataset';
export { framesOf } from './dicom/frames';
export { PixelFault } from './dicom/PixelFault';
export { describePatient, patientOf } from './dicom/patient';
export { MANUFACTURER } from './dicom/provenance';
export { type Derivation, readRecord, type SourceRecord } from './dicom/record';
export { rescale, setBackground } from './dicom/rescale';
export { secondaryCapture } from './dicom/secondaryCapture';
export { seriesAttributes, synthesizingEquipment } from './dicom/seriesAttributes';
export { isSynthetic } from './dicom/synthetic';
export { EXPLICIT_LITTLE_ENDIAN } from './dicom/transferSyntaxes';
export { writePart10 } from './dicom/writePart10';
export { DOMAINS, domainOf, ROLE_IDS } from './domains';
export type { Domain } from './domains/Domain';
export { CONFIDENCE_LABELS, type Confidence } from './domains/Recognition';
export { type RoleId, roleLabel } from './domains/Role';
export {
  asSynthesisError,
  nextTask,
  SynthesisError,
  type SynthesisErrorCode,
  throwIfCancelled,
} from './errors';
export {
  alignmentMessage,
  disclaimers,
  errorUnitMessage,
  progressMessage,
  timeLeftMessage,
} from './jobMessages';
export * from './messages';
export { METHODS, settingsOf } from './methods';
export type { Detail, Options, Target, TargetParameters } from './methods/Method';
export { detailsOf } from './models';
export type { CompactErrors } from './pipeline/CompactErrors';
export type { AcquiredSources, Executor, OpenJob, RunOptions } from './pipeline/Executor';
export type { AcquiredVolume, Job, JobPorts, StudyPort } from './pipeline/Job';
export { makeErrorMap } from './pipeline/makeErrorMap';
export { type MadeJob, type MadeSeries, makeSeries } from './pipeline/makeSeries';
export { type MeasuredSources, measureSources } from './pipeline/measureSources';
export { type ModelLookUp, preflightFacts } from './pipeline/preflightFacts';
export { flopsOf } from './preflight/checkCost';
export { factsOfFailure } from './preflight/facts';
export { PreflightStop, stopAtRed } from './preflight/PreflightStop';
export type {
  Check,
  CheckId,
  Level,
  PreflightReport,
} from './preflight/report';
export { checkLabel, runPreflight } from './preflight/runPreflight';
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
export { describeSeries, freeSeriesNumber, type StudySeries } from './series/StudySeries';
export { gridOf, sortSlices } from './series/slices';
export { textsOf } from './texts';
export type { ErrorMap, ErrorUnit, IndeterminateRegion } from './volume/ErrorMap';
export type { Grid, Point3, Volume } from './volume/Volume';
