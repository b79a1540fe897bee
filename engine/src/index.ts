export { CONTRAST_LABELS, CONTRASTS, type Contrast, isContrast } from './contrast/Contrast';
export { isSynthetic, type Recognition, recognize } from './contrast/recognize';
export type { SeriesAttributes } from './contrast/SeriesAttributes';
export { type Dataset, type Derivation, derivedSeries } from './dicom/derivedSeries';
export { writePart10 } from './dicom/part10';
export { asSynthesisError, SynthesisError, type SynthesisErrorCode, throwIfCancelled } from './errors';
export { type OnStep, PROGRESS_TOTAL, type Progress, ProgressMeter, type Stage, type Step } from './progress';
export { affineFromPlane, type Grid, type Point3, type Volume } from './volume/Volume';
