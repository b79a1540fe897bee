import { describe, expect, it } from 'vitest';
import type { BundleCheck } from '../bundle/checkFields';
import { checkFields } from '../bundle/checkFields';
import type { CheckedSource } from '../dicom/record';
import { english } from '../messages/english';
import { coded } from '../testing/coded';
import { figureSummary, foresightMessages } from './checkMessages';
import { foresees, ranksOf } from './ranks';

const check: BundleCheck = {
  definition: 'as measured',
  figures: [
    {
      target: 't1',
      sources: ['t2', 'flair'],
      psnr: [15, 18, 18, 20],
      ssim: [0.4, 0.5, 0.6],
      mae: [0.05, 0.1],
    },
  ],
  foresight: {
    t1ce: { spearman: 0.55, interval: [0.2, 0.8], patients: 30 },
    t2: { spearman: 0.45, interval: [-0.01, 0.7], patients: 30 },
    flair: { spearman: 0.29, interval: [0.1, 0.5], patients: 30 },
  },
};

describe('ranksOf', () => {
  it('counts the patients that are better, whichever way better is', () => {
    expect(ranksOf(check, 't1', ['flair', 't2'], { psnr: 18, ssim: 0.3, mae: 0.07 })).toEqual({
      psnr: { worseThan: 1, of: 4 },
      ssim: { worseThan: 3, of: 3 },
      mae: { worseThan: 1, of: 2 },
    });
    expect(ranksOf(check, 't1', ['flair', 't2'], { psnr: 21, ssim: 0.6, mae: 0.01 })).toEqual({
      psnr: { worseThan: 0, of: 4 },
      ssim: { worseThan: 0, of: 3 },
      mae: { worseThan: 0, of: 2 },
    });
  });

  it('ranks the error in a lesion among those of the patients who had one', () => {
    const [figures] = check.figures;
    const measured = { ...check, figures: [{ ...figures, lesion: [0.1, 0.2, 0.3] }] };
    const of = (known: BundleCheck, lesion?: number) =>
      ranksOf(known, 't1', ['flair', 't2'], { psnr: 18, ssim: 0.3, mae: 0.07 }, lesion)!.lesion;
    expect(of(measured, 0.25)).toEqual({ worseThan: 2, of: 3 });
    expect(of(measured)).toBeUndefined();
    expect(of(check, 0.25)).toBeUndefined();
    expect(checkFields.safeParse(measured).success).toBe(true);
  });

  it.each([
    ['another set of sources', check, 't1', ['t2']],
    ['another target', check, 'flair', ['t2', 'flair']],
    ['a bundle that was not measured', undefined, 't1', ['t2', 'flair']],
  ])('has none for %s', (_, of, target, sources) => {
    expect(ranksOf(of, target, sources, { psnr: 18, ssim: 0.3, mae: 0.07 })).toBeUndefined();
  });
});

describe('foresees', () => {
  it('wants a correlation of 0.3 whose interval does not reach below 0', () => {
    const { t1ce, t2, flair } = check.foresight;
    expect([t1ce, t2, flair].map(foresees)).toEqual([true, false, false]);
  });
});

describe('the sentences', () => {
  const codes = (target: string, of?: BundleCheck) => foresightMessages('brain-mr', target, of).map(coded);

  it('promise no more than was measured', () => {
    expect(codes('t1ce', check)).toEqual([
      'self-check/foresees(role/t1ce, 30, 0.55, 0.20, 0.80)',
      'brain-mr/caution/check',
    ]);
    expect(codes('t2', check)).toEqual(['self-check/does-not-foresee(role/t2, 30, 0.45, -0.01, 0.70)']);
    expect(codes('flair', check)).toEqual(['self-check/does-not-foresee(role/flair, 30, 0.29, 0.10, 0.50)']);
    expect(codes('flair')).toEqual(['self-check/foresight-unknown(role/flair)']);
  });

  it('tell figures and ranks', () => {
    const source: CheckedSource = {
      role: 't1',
      sources: ['t2'],
      psnr: { value: 18.25, rank: { worseThan: 31, of: 36 } },
      ssim: { value: 0.5 },
      mae: { value: 0.0634 },
    };
    expect(english(figureSummary(source))).toBe(
      'PSNR, dB 18.25 (worse than 31 of 36); SSIM 0.500 (not measured on other patients); ' +
        'mean error, % of the range 6.3 (not measured on other patients)',
    );
    const lesion = { mae: 0.1278, millilitres: 3.24 };
    expect(english(figureSummary({ ...source, lesion }))).toMatch(
      /; mean error in the lesion found \(3\.2 mL\), % of the range 12\.8 \(not measured on other patients\)$/,
    );
    const ranked = { ...lesion, rank: { worseThan: 4, of: 20 } };
    expect(english(figureSummary({ ...source, lesion: ranked }))).toMatch(/12\.8 \(worse than 4 of 20\)$/);
  });
});

describe('a bundle', () => {
  it('must have its figures in order', () => {
    expect(checkFields.safeParse(check).success).toBe(true);
    const [figures] = check.figures;
    const mixed = { ...check, figures: [{ ...figures, psnr: [18, 15] }] };
    expect(checkFields.safeParse(mixed).error?.issues[0]).toMatchObject({
      path: ['figures', 0, 'psnr'],
      message: 'must not fall',
    });
  });
});
