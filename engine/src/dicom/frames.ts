import { type Dataset, items, number } from './Dataset';

/** Functional groups whose attributes are an image's own (PS3.3 C.7.6.16.2, C.8.13.5). */
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

/** What a classic image calls the same thing: keyword in the enhanced object, keyword in MR Image Storage. */
const CLASSIC = [
  ['EffectiveEchoTime', 'EchoTime'],
  ['InversionTimes', 'InversionTime'],
  ['FrameType', 'ImageType'],
  ['FrameAcquisitionNumber', 'AcquisitionNumber'],
] as const;

/**
 * The frames of an image as datasets like those of single-frame images: plane, rescale and timing out of the functional
 * groups, the per-frame ones before the shared ones, `ReferencedFrameNumber`, counted from 1 as a reference to the frame
 * counts it, and how many there are as `framesInAll`. A single-frame image without functional groups is its own only frame, and so is one whose functional
 * groups do not match its NumberOfFrames: such an image has no plane.
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
