/**
 * What must hold whatever headers say: each attribute that is read is absent, empty, of another type,
 * extreme, in another language or in contradiction to the others, on headers of phantoms and of real series.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Dataset, text } from '../dicom/Dataset';
import { derivedSeries } from '../dicom/derivedSeries';
import { framesOf } from '../dicom/frames';
import { WHOLE_RANGE } from '../dicom/storedImage';
import { DOMAINS } from '../domains';
import { ROLE_IDS } from '../domains/brain-mr/roles';
import { SynthesisError } from '../errors';
import { list } from '../messages';
import { english } from '../messages/english';
import { preflightFacts } from '../pipeline/preflightFacts';
import { runPreflight } from '../preflight/runPreflight';
import { arbitraryRecipes, headersOf, type SeriesRecipe } from '../testing/arbitraryHeaders';
import { derivation } from '../testing/derivation';
import { contraryHints } from '../testing/hints';
import { makePlan, type Plan } from './plan';
import { describeSeries, differentPatients, type StudySeries } from './StudySeries';
import { sortSlices } from './slices';

/** Studies a property; each has up to five series of nine images. */
const STUDIES = process.env.FULL ? 20_000 : 2_000;
/** For all of them, ms. */
const PATIENCE = 1_800_000;
/** Voxels of a series worth filling. */
const SMALL = 1e5;

const [domain] = DOMAINS;

interface Image {
  instance: Dataset;
}
type Described = StudySeries & { stack: readonly Image[] };

/** The studies among images and their plans, as the viewer and the command line make them. */
function plansOf(headers: readonly Dataset[]): Plan<Described>[] {
  return [...groups(headers, 'StudyInstanceUID')].map(([study, images]) => {
    const all = [...groups(images, 'SeriesInstanceUID').values()].flatMap(own =>
      describeSeries(own.flatMap(framesOf).map(instance => ({ instance }))),
    );
    return makePlan(
      study,
      all.map(one => ({ ...one.series, stack: one.images })),
      new Map(),
    );
  });
}

function groups(images: readonly Dataset[], keyword: string): Map<string, Dataset[]> {
  const found = new Map<string, Dataset[]>();
  for (const image of images) {
    const uid = text(image[keyword]) ?? '';
    found.set(uid, [...(found.get(uid) ?? []), image]);
  }
  return found;
}

function preflight({ reference, ...plan }: Plan<Described>) {
  if (!reference) return undefined;
  const targets = plan.missing.slice(0, 1);
  const images = { images: (series: Described) => series.stack };
  return runPreflight(preflightFacts({ plan: { ...plan, reference }, targets }, images), domain);
}

const PLANNED = 'it can be planned';
/** What else holds of every study, by its name. */
const INVARIANTS: Readonly<Record<string, (plans: Plan<Described>[], headers: readonly Dataset[]) => void>> =
  {
    'every image lies in one stack, and no image has two roles': (plans, headers) => {
      const images = plans.flatMap(plan => plan.rows.flatMap(row => row.series.stack));
      expect(images).toHaveLength(headers.flatMap(framesOf).length);
      expect(new Set(images).size).toBe(images.length);
      for (const { rows, sources } of plans) {
        const used = [...sources.values()].flatMap(series => series.stack);
        expect(new Set(used).size).toBe(used.length);
        expect(new Set(rows.map(row => row.series.id)).size).toBe(rows.length);
      }
    },

    'nothing is sure against two contrary hints': plans => {
      for (const { role, confidence, series } of plans.flatMap(plan => plan.rows)) {
        if (role === null || confidence !== 'high') continue;
        expect(contraryHints(series.attributes, role).length).toBeLessThan(2);
      }
    },

    'a derived series has the study, the patient and the frame of reference of its reference': plans => {
      for (const { study, sources, reference } of plans) {
        const series = reference && sources.get(reference);
        if (!series) continue;
        const slices = sortedOrRefused(series);
        const plane = Number(slices?.[0].Rows) * Number(slices?.[0].Columns);
        if (!slices || plane * slices.length > SMALL) continue;
        const derived = derivedSeries(domain, {
          stored: new Uint16Array(plane * slices.length),
          window: WHOLE_RANGE,
          reference: slices,
          sources: new Map(
            [...sources].flatMap(([role, source]) => {
              const sorted = sortedOrRefused(source);
              return sorted ? [[role, sorted] as const] : [];
            }),
          ),
          seriesNumber: 901,
          derivation: derivation(),
          now: new Date(0),
        });
        expect(derived).toHaveLength(slices.length);
        for (const image of derived) {
          expect(text(image.StudyInstanceUID) ?? '').toBe(study);
          expect(image.PatientID).toEqual(slices[0].PatientID ?? '');
          expect(image.FrameOfReferenceUID ?? '').toEqual(slices[0].FrameOfReferenceUID ?? '');
          expect(image.SyntheticData).toBe('YES');
        }
      }
    },

    'what is used has a grid of finite numbers, or is refused by an error of ours': plans => {
      for (const { series } of plans.flatMap(plan => plan.rows)) {
        try {
          const { grid } = sortSlices(series.stack, series.description);
          expect([...grid.dims, ...grid.indexToWorld].every(Number.isFinite)).toBe(true);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SynthesisError);
        }
      }
    },

    'its preflight can be made, and refused series stay out': plans => {
      for (const plan of plans) {
        expect([...plan.sources.keys(), ...plan.missing].sort()).toEqual([...ROLE_IDS].sort());
        for (const row of plan.rows) if (row.refused) expect(row.role).toBeNull();
        preflight(plan);
        differentPatients(plan.rows.map(row => row.series));
      }
    },

    'every text is words': plans => {
      for (const plan of plans) {
        const rows = plan.rows.map(({ refused, reasons }) => refused ?? list(reasons));
        const checks = preflight(plan)?.checks.flatMap(({ text, remedy }) => [text, remedy ?? '']) ?? [];
        for (const said of [...rows, ...checks]) {
          expect(english(said)).not.toMatch(/undefined|\[object|\{\{\w+\}\}/);
        }
      }
    },
  };

/** The slices of a series; undefined where its geometry is refused. */
function sortedOrRefused({ stack, description }: Described): Dataset[] | undefined {
  try {
    return sortSlices(stack, description).slices.map(slice => slice.instance);
  } catch {
    return undefined;
  }
}

describe('whatever the headers of a study say', () => {
  /** The first study that breaks an invariant, and how. */
  const broken = new Map<string, Error>();
  const check = (name: string, recipes: SeriesRecipe[], holds: () => void) => {
    if (broken.has(name)) return;
    try {
      holds();
    } catch (cause) {
      broken.set(name, new Error(inspect(recipes, { depth: 6 }), { cause }));
    }
  };
  beforeAll(() => {
    for (const recipes of fc.sample(arbitraryRecipes, STUDIES)) {
      const headers = headersOf(recipes);
      let plans: Plan<Described>[] = [];
      check(PLANNED, recipes, () => {
        plans = plansOf(headers);
      });
      for (const [name, holds] of Object.entries(INVARIANTS)) {
        if (plans.length > 0) check(name, recipes, () => holds(plans, headers));
      }
    }
  }, PATIENCE);

  it.each([PLANNED, ...Object.keys(INVARIANTS)])('%s', name => {
    const failure = broken.get(name);
    if (failure) throw failure;
  });
});
