export { hostOf, REQUEST_TIMEOUT, type ServerPlace } from './backends/oip/openServedModel';
export type { BundleCheck } from './bundle/checkFields';
export type { CommonManifest, ModelCard, TargetDeclaration } from './bundle/fields';
export { type Dataset, items, number, numbers, point } from './dicom/Dataset';
export { framesOf } from './dicom/frames';
export { PixelFault } from './dicom/PixelFault';
export { PARAMETRIC_MAP, parametricMap } from './dicom/parametricMap';
export { describePatient, patientOf } from './dicom/patient';
export { MANUFACTURER, recordAttributes } from './dicom/provenance';
export { readDicomJson } from './dicom/readDicomJson';
export { isErrorMapOf, isRegionOf, readErrorMap } from './dicom/readErrorMap';
export { readDataset } from './dicom/readPart10';
export { type CheckedSource, type Derivation, readRecord, type SourceRecord } from './dicom/record';
export { rescale, setBackground } from './dicom/rescale';
export { secondaryCapture } from './dicom/secondaryCapture';
export { SEGMENTATION, segmentation } from './dicom/segmentation';
export { seriesAttributes, synthesizingEquipment } from './dicom/seriesAttributes';
export { studyMoment } from './dicom/studyMoment';
export { isSynthetic } from './dicom/synthetic';
export { EXPLICIT_LITTLE_ENDIAN } from './dicom/transferSyntaxes';
export { replaceSequences, writePart10 } from './dicom/writePart10';
export { refusedInstances } from './dicomweb/failedInstances';
export { StoreFailure } from './dicomweb/StoreFailure';
export { type Archive, type StoredImage, storeImages } from './dicomweb/storeImages';
export { DOMAINS, domainOf, planningDomain, ROLE_IDS } from './domains';
export type { Domain, Site } from './domains/Domain';
export { CONFIDENCE_LABELS, type Confidence } from './domains/Recognition';
export { type RoleId, roleLabel } from './domains/Role';
export type { Tell, TellingSeries } from './domains/Told';
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
export { detailsOf, domainOfModel, type ParameterValue, parametersOf, requiredNetworks } from './models';
export type { CompactErrors } from './pipeline/CompactErrors';
export type { AcquiredSources, Executor, OpenJob, RunOptions } from './pipeline/Executor';
export type { AcquiredVolume, Job, JobPorts, StudyPort } from './pipeline/Job';
export { makeErrorMap } from './pipeline/makeErrorMap';
export { type MadeJob, type MadeSeries, makeSeries } from './pipeline/makeSeries';
export { type MeasuredSources, measureSources } from './pipeline/measureSources';
export { type ModelLookUp, preflightFacts } from './pipeline/preflightFacts';
export { checkObstacle, type SelfCheck, selfCheck } from './pipeline/selfCheck';
export {
  CHECK,
  type CheckSeries,
  DIFFERENCE_LIMIT,
  differenceColour,
  isCheck,
  isCheckDifference,
  selfCheckSeries,
} from './pipeline/selfCheckSeries';
export { duration, flopsOf, jobSeconds, selfCheckSeconds } from './preflight/checkCost';
export { megabytes } from './preflight/checkDownload';
export { rivalryMessage } from './preflight/checkSources';
export { factsOfFailure, type ServerFacts } from './preflight/facts';
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
  paced,
  type Step,
  stageName,
  stageNames,
} from './progress';
export { figureRows, figureSummary, foresightMessages } from './selfCheck/checkMessages';
export { type JobPlan, makePlan, type Plan, type SourceRow } from './series/plan';
export { describeSeries, freeSeriesNumber, type StudySeries } from './series/StudySeries';
export { gridOf, sortSlices } from './series/slices';
export { textsOf } from './texts';
export { valueAtWorld, voxelAtWorld } from './volume/atWorld';
export type { ErrorMap, ErrorUnit, IndeterminateRegion } from './volume/ErrorMap';
export { eachLesion, type OfLesions } from './volume/LesionProbabilities';
export { resample } from './volume/resample';
export { type SliceRange, slicesAround } from './volume/sliceRange';
export { percentileOf } from './volume/statistics';
export { affineFromPlane, type Grid, type Point3, type Volume } from './volume/Volume';
export { mayHoldSecret, rootOf, webAddress } from './webAddress';
