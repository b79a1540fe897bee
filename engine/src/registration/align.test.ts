import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import type { RoleId } from '../domains/Role';
import { mulberry32 } from '../inference/mulberry32';
import type { Step } from '../progress';
import { BRAIN_CENTRE } from '../testing/head';
import { gridOfSteps, sampled, turnedGrid } from '../testing/linear';
import { lopsided, moved, other } from '../testing/movedHead';
import type { Volume } from '../volume/Volume';
import { applyRegistration, registrationRecords } from './Alignment';
import { align } from './align';
import { motionOf, type RigidParameters, rigidMatrix } from './rigid';

const limits = DOMAINS[0].registration;
const [cx, cy, cz] = BRAIN_CENTRE;
const axial = gridOfSteps([80, 92, 60], [2, 0, 0], [0, 2, 0], [0, 0, 3], [cx - 80, cy - 92, cz - 88]);
const sagittal = gridOfSteps([70, 66, 44], [0, 2.7, 0], [0, 0, -2.7], [4, 0, 0], [cx - 86, cy - 94, cz + 88]);
const reference = sampled(axial, lopsided);
const source = sampled(sagittal, other);
const pair = (flair: Volume) => new Map<RoleId, Volume>([['t1', reference]]).set('flair', flair);
const degrees = (d: number) => (d * Math.PI) / 180;

describe('align', () => {
  const motions: RigidParameters[] = [
    [degrees(6), degrees(-4), degrees(9), 7, -5, 11],
    [degrees(-15), degrees(3), degrees(2), -14, 9, -6],
    [0, degrees(2), degrees(-4), 34, -28, 38],
  ];
  it.each(motions)(
    'finds a motion between two contrasts on other planes: %f %f %f %f %f %f',
    async (...motion) => {
      const truth = rigidMatrix(motion, BRAIN_CENTRE);
      const volumes = pair(moved(source, truth));
      const alignments = await align(volumes, 't1', limits);
      expect([...alignments.keys()]).toEqual(['flair']);
      const found = alignments.get('flair')!;
      expect(found.verdict).toBe('registered');
      const rest = motionOf(mat4.multiply(mat4.create(), found.transform, truth), BRAIN_CENTRE);
      expect(rest.millimetres).toBeLessThan(0.5);
      expect(rest.degrees).toBeLessThan(0.3);
      expect(found.degrees).toBeCloseTo(motionOf(truth, BRAIN_CENTRE).degrees, 0);
      expect(found.similarity.after).toBeGreaterThan(found.similarity.before);
      expect(registrationRecords(alignments)).toMatchObject([
        { role: 'flair', degrees: found.degrees, transform: [...found.transform] },
      ]);
      // Registration puts it back in place; only its header changes.
      const applied = applyRegistration(volumes, registrationRecords(alignments));
      expect(applied.get('t1')).toBe(reference);
      expect(applied.get('flair')!.data).toBe(source.data);
      for (const [n, v] of applied.get('flair')!.indexToWorld.entries()) {
        expect(Math.abs(v - source.indexToWorld[n])).toBeLessThan(n < 12 ? 0.02 : 1);
      }
    },
  );

  it('keeps the header of a head that did not move, and gives the same answer twice', async () => {
    const steps: Step[] = [];
    const first = await align(pair(source), 't1', limits, step => steps.push(step));
    const found = first.get('flair')!;
    expect(found).toMatchObject({ verdict: 'aligned', transform: mat4.create() });
    expect(found.millimetres).toBeLessThan(0.5);
    expect(registrationRecords(first)[0]).not.toHaveProperty('transform');
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(done => ({ stage: 'register', done, of: 8 })));
    expect(await align(pair(source), 't1', limits)).toEqual(first);
  });

  it('has nothing to do for the reference alone', async () => {
    expect((await align(new Map([['t1', reference] as const]), 't1', limits)).size).toBe(0);
  });

  it('refuses a series that lies elsewhere, naming both', async () => {
    const far = moved(source, mat4.fromTranslation(mat4.create(), [0, 0, 400]));
    const running = align(pair(far), 't1', limits);
    await expect(running).rejects.toMatchObject({ code: 'no-overlap' });
    await expect(running).rejects.toThrow('registration/no-overlap(role/flair, role/t1)');
  });

  it('refuses a head whose left and right are exchanged, though its header does not know', async () => {
    const mirror = mat4.fromTranslation(mat4.create(), [2 * cx, 0, 0]);
    mat4.scale(mirror, mirror, [-1, 1, 1]);
    const turned = sampled(sagittal, world => other([2 * cx - world[0], world[1], world[2]]));
    const running = align(pair(turned), 't1', limits);
    await expect(running).rejects.toMatchObject({ code: 'registration-failed' });
    await expect(running).rejects.toThrow('registration/mirrored');
    // With a header that says so, the same pixels are aligned.
    expect((await align(pair(moved(turned, mirror)), 't1', limits)).get('flair')).toMatchObject({
      verdict: 'aligned',
      doubtful: false,
    });
  });

  it('doubts another head, and one that lies turned over', async () => {
    const stranger = sampled(sagittal, ([x, y, z]) => other([x, 2 * cy - y, 2 * cz - z]));
    expect((await align(pair(stranger), 't1', limits)).get('flair')).toMatchObject({ doubtful: true });
  });

  it('refuses what is no head', async () => {
    const uniform = mulberry32(7);
    const noise = sampled(turnedGrid([40, 40, 40], [4, 4, 4], [cx - 80, cy - 80, cz - 80]), () => uniform());
    await expect(align(pair(noise), 't1', limits)).rejects.toMatchObject({ code: 'registration-failed' });
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    let done = 0;
    const stop = () => {
      if (++done === 2) controller.abort();
    };
    const running = align(pair(source), 't1', limits, stop, controller.signal);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(done).toBe(2);
  });
});
