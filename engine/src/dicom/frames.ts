import { type Dataset, items, number } from './Dataset';

/** Functional groups with attributes of classic images (PS3.3 C.7.6.16.2, C.8.13.5). */
const GROUPS = [
  'PixelMeasuresSequence',
  'PlaneOrientationSequence',
  'PlanePositionSequence',
  'FrameContentSequence',
  'FrameVOILUTSequence',
  'PixelValueTransformationSequence',
  'TemporalPositionSequence',
  'MRImageFrameTypeSequence',
  'MRTimingAndRelatedParametersSequence',
  'MREchoSequence',
  'MRModifierSequence',
  'MRDiffusionSequence',
  'MRImagingModifierSequence',
  'MRFOVGeometrySequence',
  'MRAveragesSequence',
] as const;

/** Keywords of the same attribute in enhanced objects and in MR Image Storage. */
const CLASSIC = [
  ['EffectiveEchoTime', 'EchoTime'],
  ['InversionTimes', 'InversionTime'],
  ['FrameType', 'ImageType'],
  ['FrameAcquisitionNumber', 'AcquisitionNumber'],
] as const;

/**
 * Frames of an image as datasets like those of single-frame images: plane, rescale and timing from the
 * functional groups (per-frame before shared), `ReferencedFrameNumber` from 1, and the number of frames as
 * `framesInAll`. Returns the image itself if it has no functional groups or if they do not match
 * NumberOfFrames; in the latter case it has no plane.
 */
export function framesOf(instance: Dataset): Dataset[] {
  const perFrame = items(instance.PerFrameFunctionalGroupsSequence);
  if (perFrame.length === 0 || perFrame.length !== (number(instance.NumberOfFrames) ?? 1)) return [instance];
  const {
    PerFrameFunctionalGroupsSequence: _,
    SharedFunctionalGroupsSequence: shared,
    NumberOfFrames: __,
    ...whole
  } = instance;
  const common = { ...whole, ...attributesOf(items(shared)[0] ?? {}) };
  return perFrame.map((groups, n) => ({
    ...common,
    ...attributesOf(groups),
    ReferencedFrameNumber: n + 1,
    framesInAll: perFrame.length,
  }));
}

function attributesOf(groups: Dataset): Dataset {
  const attributes: Dataset = Object.assign({}, ...GROUPS.map(keyword => items(groups[keyword])[0]));
  for (const [enhanced, classic] of CLASSIC) {
    if (attributes[enhanced] !== undefined) attributes[classic] = attributes[enhanced];
  }
  return attributes;
}
