import { describe, expect, it } from 'vitest';
import type { Network } from '../../../inference/Runtime';
import type { Step } from '../../../progress';
import { BRAIN_AXES, head, inBrain } from '../../../testing/head';
import { sampled, turnedGrid } from '../../../testing/linear';
import { regionStep } from '../../../testing/methodStep';
import { fakeBrain, tinyBrainManifest } from '../../../testing/tinyBrain';
import { axisStep, type Volume } from '../../../volume/Volume';
import { regionVolume } from '../../Region';
import type { RoleId } from '../../Role';
import { findBrain } from './findBrain';

const oblique = turnedGrid([64, 74, 48], [2.5, 2.5, 3.5], [-74, -100, -70], 0.06);
const elsewhere = turnedGrid([40, 40, 30], [3, 3, 4], [500, 500, 500]);
const whole = sampled(oblique, head);

const find = (volumes: [RoleId, Volume][], onStep?: (step: Step) => void, signal?: AbortSignal) =>
  findBrain(new Map(volumes), volumes[0][0], tinyBrainManifest(), () => fakeBrain, { onStep, signal });

describe('findBrain', () => {
  it('finds the brain of a head along the axes of the reference, and counts its steps', async () => {
    const steps: Step[] = [];
    const found = await find(
      [
        ['t1', whole],
        ['t2', whole],
      ],
      step => steps.push(step),
    );
    expect(found).toMatchObject({ stripped: false, strippedSources: [] });
    const truth = ((4 / 3) * Math.PI * BRAIN_AXES.reduce((product, axis) => product * axis, 1)) / 1000;
    expect(Math.abs(regionVolume(found) / truth - 1)).toBeLessThan(0.05);
    for (const axis of [0, 1, 2] as const) expect(axisStep(found.grid, axis)[axis]).toBeGreaterThan(1.9);
    // 84 coarse slices of each source are six slabs.
    expect(steps).toEqual(Array.from({ length: 15 }, (_, done) => regionStep(done, 14)));
  });

  it('sees that a skull was removed', async () => {
    const stripped = sampled(oblique, world => (inBrain(world) ? head(world) : 0));
    const shown: Network = {
      run: async ({ images }) => ({
        probability: { ...images, data: images.data.map(v => (v > 0.3 ? 1 : 0)) },
      }),
      release: async () => {},
    };
    const found = await findBrain(new Map([['flair', stripped]]), 'flair', tinyBrainManifest(), () => shown);
    expect(found).toMatchObject({ stripped: true, strippedSources: ['flair'] });
  });

  it('refuses series that lie elsewhere, naming both', async () => {
    const far = { ...elsewhere, data: new Float32Array(48000).fill(1) };
    const running = find([
      ['t1', whole],
      ['flair', far],
    ]);
    await expect(running).rejects.toMatchObject({ code: 'no-overlap' });
    await expect(running).rejects.toThrow('registration/no-overlap(role/flair, role/t1)');
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const running = find([['t1', whole]], () => controller.abort(), controller.signal);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
