import { describe, expect, it } from 'vitest';
import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { coded } from '../../../testing/coded';
import { weightingFromParameters } from './weightingFromParameters';

const timed = (RepetitionTime: number, EchoTime: number, InversionTime = 0, more: SeriesAttributes = {}) =>
  weightingFromParameters({ RepetitionTime, EchoTime, InversionTime, ...more });
const GR = { ScanningSequence: ['GR'] };
const SE = { ScanningSequence: ['SE'] };

describe('physics', () => {
  it.each([
    ['a spin-echo T1', timed(500, 12, 0, SE), 't1'],
    ['a T1 SPACE', timed(700, 11, 0, { ...SE, MRAcquisitionType: '3D' }), 't1'],
    ['an MPRAGE', timed(2300, 2.3, 900, { ScanningSequence: ['GR', 'IR'] }), 't1'],
    ['a BRAVO', timed(7.7, 3.4, 450, { ...GR, MRAcquisitionType: '3D' }), 't1'],
    ['a T1 FLAIR', timed(2427, 51, 985, { ScanningSequence: ['SE', 'IR'] }), 't1'],
    ['a T2 TSE', timed(4000, 100, 0, SE), 't2'],
    ['a 2-D FLAIR', timed(9000, 120, 2500, { ScanningSequence: ['SE', 'IR'] }), 'flair'],
    ['a 3-D FLAIR', timed(4800, 300, 1660, { ScanningSequence: ['IR'] }), 'flair'],
    ['a STIR', timed(4000, 60, 160, { ScanningSequence: ['SE', 'IR'] }), 'stir'],
    ['a T2* gradient echo', timed(600, 20, 0, GR), 't2star'],
    ['proton density', timed(3000, 15, 0, SE), 'pd'],
    ['a CISS', timed(6, 2.7, 0, { ...GR, SequenceVariant: ['SS'], FlipAngle: 70 }), 'steady-state'],
  ])('tells %s', (_, found, weighting) => {
    expect(found?.weighting).toBe(weighting);
  });

  it('leaves to a name what an MPRAGE without its TI is, and is no proton density', () => {
    const train = (RepetitionTime: number, more: SeriesAttributes = GR) =>
      timed(RepetitionTime, 3, 0, { FlipAngle: 9, ...more });
    expect(train(2300)).toMatchObject({ weighting: 't1', ambiguous: true });
    expect(train(2300, {})).toMatchObject({ weighting: 't1', ambiguous: true });
    expect(train(5000)).toMatchObject({ weighting: 'mp2rage', weak: true, also: ['t1'] });
    expect(timed(2300, 3, 0, { FlipAngle: 90 })?.weighting).toBe('pd');
  });

  it('does not tell a T2 from a FLAIR without its TI where ScanningSequence is missing', () => {
    const long = (ScanningSequence: string[] | undefined) =>
      timed(5000, 395, 0, { ScanningSequence, MRAcquisitionType: '3D' });
    expect(long(undefined)?.ambiguous).toBe(true);
    expect(long(['RM'])?.ambiguous).toBe(true);
    expect(long(['SE'])?.ambiguous).toBe(false);
    expect(long(undefined)?.also).toContain('flair');
  });

  it('names the values it rests on', () => {
    expect(coded(timed(9000, 120, 2500)!.evidence)).toBe('brain-mr/recognition/ti-and-tr(2500, 9000)');
    expect(coded(timed(4000, 99.6, 0)!.evidence)).toBe('brain-mr/recognition/te-and-tr(99.6, 4000)');
  });

  it('says nothing without TR and TE, nor of echo planar images', () => {
    expect(weightingFromParameters({})).toBeNull();
    expect(weightingFromParameters({ RepetitionTime: 500 })).toBeNull();
    expect(timed(4000, 90, 0, { ScanningSequence: ['SE', 'EP'] })).toBeNull();
  });

  it('calls a timing ambiguous that other kinds of images have', () => {
    expect(timed(25, 3.5, 0, { ...GR, MRAcquisitionType: '3D', FlipAngle: 20 })?.ambiguous).toBe(true);
    expect(timed(4000, 80, 0, { ...SE, MRAcquisitionType: '2D' })?.ambiguous).toBe(true);
    expect(timed(4000, 80, 0, { ...SE, EchoTrainLength: 15 })?.ambiguous).toBe(false);
    expect(timed(3200, 400, 0, { ...SE, MRAcquisitionType: '3D' })?.ambiguous).toBe(false);
  });

  it.each([
    ['T1', 't1'],
    ['FLUID_ATTENUATED', 'flair'],
    ['PROTON_DENSITY', 'pd'],
    ['UNKNOWN', undefined],
    ['constructor', undefined],
  ])('reads AcquisitionContrast %s where there is no timing', (AcquisitionContrast, weighting) => {
    expect(weightingFromParameters({ AcquisitionContrast })?.weighting).toBe(weighting);
  });
});
