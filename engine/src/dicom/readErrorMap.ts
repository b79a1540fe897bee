import { vec3 } from 'gl-matrix';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import { type ErrorMap, type ErrorUnit, type IndeterminateRegion, percentOf } from '../volume/ErrorMap';
import { affineFromPlane, type Grid, type Point3, voxelCount } from '../volume/Volume';
import { type Dataset, items, number, numbers, point, text } from './Dataset';
import { framesOf } from './frames';
import { ERROR_QUANTITIES, PARAMETRIC_MAP } from './parametricMap';
import { OWN_SCHEME } from './provenance';
import { INDETERMINATE, SEGMENTATION, unpacked } from './segmentation';

/** Whether an instance is an error map of ours on a series; its pixels are not read. */
export function isErrorMapOf(instance: Dataset, SeriesInstanceUID: string): boolean {
  const { SOPClassUID } = instance;
  return (
    SOPClassUID === PARAMETRIC_MAP && liesOn(instance, SeriesInstanceUID) && unitOf(instance) !== undefined
  );
}

/** Whether an instance is our region of a series in which something cannot be told. */
export function isRegionOf(instance: Dataset, SeriesInstanceUID: string): boolean {
  const { SOPClassUID } = instance;
  return (
    SOPClassUID === SEGMENTATION && liesOn(instance, SeriesInstanceUID) && sentenceOf(instance) !== undefined
  );
}

/**
 * The error map out of what `parametricMap` and `segmentation` made of it, value by value.
 * @param map with FloatPixelData
 * @param region with PixelData, where there is one
 * @throws SynthesisError `source-unreadable` for anything else
 */
export function readErrorMap(map: Dataset, region?: Dataset): ErrorMap {
  const [unit, grid, fractions] = [unitOf(map), gridOf(map), pixelsOf(map.FloatPixelData)];
  if (!unit || !grid || fractions?.byteLength !== 4 * voxelCount(grid)) throw unreadable(map);
  const data = new Float32Array(fractions).map(percentOf);
  return { volume: { ...grid, data }, unit, ...(region && { region: regionOn(grid, region) }) };
}

function regionOn(grid: Grid, region: Dataset): IndeterminateRegion {
  const [sentence, bits] = [sentenceOf(region), pixelsOf(region.PixelData)];
  const voxels = voxelCount(grid);
  if (!sentence || !bits || 8 * bits.byteLength < voxels) throw unreadable(region);
  return { mask: unpacked(new Uint8Array(bits), voxels), text: sentence };
}

function unreadable({ SeriesDescription }: Dataset): SynthesisError {
  return new SynthesisError(
    'source-unreadable',
    message('error-map/unreadable', { series: text(SeriesDescription) ?? '' }),
  );
}

/** The object lies on the first series that it references. */
function liesOn({ ReferencedSeriesSequence }: Dataset, SeriesInstanceUID: string): boolean {
  return items(ReferencedSeriesSequence)[0]?.SeriesInstanceUID === SeriesInstanceUID;
}

function unitOf({ SharedFunctionalGroupsSequence }: Dataset): ErrorUnit | undefined {
  const [shared] = items(SharedFunctionalGroupsSequence);
  const [mapping] = items(shared?.RealWorldValueMappingSequence);
  const [quantity] = items(mapping?.QuantityDefinitionSequence);
  const [concept] = items(quantity?.ConceptCodeSequence);
  if (concept?.CodingSchemeDesignator !== OWN_SCHEME) return undefined;
  const units: ErrorUnit[] = ['white-matter', 'range'];
  return units.find(unit => ERROR_QUANTITIES[unit].CodeValue === concept.CodeValue);
}

/** What cannot be told in the region. */
function sentenceOf({ SegmentSequence }: Dataset): string | undefined {
  const [segment] = items(SegmentSequence);
  const [type] = items(segment?.SegmentedPropertyTypeCodeSequence);
  const isOurs = type?.CodingSchemeDesignator === OWN_SCHEME && type.CodeValue === INDETERMINATE.CodeValue;
  return isOurs ? text(segment.SegmentDescription) : undefined;
}

/** Of the frames, which are in the order of k. */
function gridOf(map: Dataset): Grid | undefined {
  const frames = framesOf(map);
  const [first] = frames;
  const spacing = numbers(first.PixelSpacing, 2);
  const orientation = numbers(first.ImageOrientationPatient, 6);
  const positions = [first, frames[frames.length - 1]].map(frame => point(frame.ImagePositionPatient));
  const [columns, rows] = [number(first.Columns), number(first.Rows)];
  if (!spacing || !orientation || !positions[0] || !positions[1] || !columns || !rows) return undefined;
  const along = vec3.subtract([0, 0, 0], positions[1], positions[0]);
  const step = vec3.scale([0, 0, 0], along, 1 / Math.max(1, frames.length - 1)) as Point3;
  const [row, column] = [orientation.slice(0, 3), orientation.slice(3)] as Point3[];
  return {
    dims: [columns, rows, frames.length],
    indexToWorld: affineFromPlane(positions[0], row, column, step, [spacing[1], spacing[0]]),
  };
}

function pixelsOf(value: unknown): ArrayBuffer | undefined {
  const [pixels] = [value].flat();
  return pixels instanceof ArrayBuffer ? pixels : undefined;
}
