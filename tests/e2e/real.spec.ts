import { expect, realStudy, test } from './support/test';

// Real patients: nothing from these studies, not even a picture, may enter the repository.
const jobs = [
  {
    study: 'openms-long-12',
    without: [],
    target: 't1ce',
    made: 'SYNTHETIC T1 post-contrast',
    reference: 'AX T2',
  },
  {
    study: 'openms-26',
    without: ['flair'],
    target: 'flair',
    made: 'SYNTHETIC FLAIR',
    reference: 'AX T1',
  },
];

for (const { study, without, target, made, reference } of jobs) {
  test(`${study}: one click makes ${target} with the trained bundle`, async ({ viewer, folder }) => {
    const app = await viewer({ studies: [await realStudy(study, folder, without)] });
    await app.open();
    await app.button.click();
    expect(await app.finished()).toBe('job/done');
    await expect(app.result(target)).toBeVisible();
    await expect(app.watermarks).toBeVisible();
    const [a, b] = [await app.readSeries(made), await app.readSeries(reference)];
    expect(a.positions).toEqual(b.positions);
    expect(a.orientation).toEqual(b.orientation);
    expect(a.spacing).toEqual(b.spacing);
    expect(a.size).toEqual(b.size);
    let inside = 0;
    for (const v of a.pixels) if (v > 0) inside++;
    const [si, sj] = a.spacing;
    const thickness = Math.hypot(...a.positions[1].map((v, r) => v - a.positions[0][r]));
    const brain = (inside * si * sj * thickness) / 1000;
    expect(brain, 'mL of brain that is not black').toBeGreaterThan(700);
    expect(brain, 'mL of brain that is not black').toBeLessThan(2000);
  });
}
