import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Networks } from '../backends/Networks';
import { nodeBackends } from '../backends/node';
import type { RoleId } from '../domains/Role';
import { type Models, openModels } from '../models';
import { LocalExecutor } from '../pipeline/LocalExecutor';
import { makePlan } from '../series/plan';
import { BREAKAGES, type Inputs } from '../testing/brokenInputs';
import { coded } from '../testing/coded';
import { preflightOf } from '../testing/preflightOf';
import type { Volume } from '../volume/Volume';
import { bundleFolder, folderReader } from './bundleFolder';
import { readStudy } from './readStudy';
import { readVolume } from './readVolume';

const STUDIES = ['viewer/demo-study/dicom', 'tests/fixtures/demo-flair'].map(folder =>
  fileURLToPath(new URL(`../../../${folder}/`, import.meta.url)),
);

const executor = new LocalExecutor(new Networks(nodeBackends(), { reader: folderReader }));
let models: Models;
let inputs: Inputs;

/** The demo study's head, a simulated one: T1, T2 and FLAIR, of which a T1ce would be made. */
async function headVolumes(): Promise<Map<RoleId, Volume>> {
  const volumes = new Map<RoleId, Volume>();
  for (const folder of STUDIES) {
    const study = await readStudy(folder);
    const { sources } = makePlan(study.StudyInstanceUID, study.series, new Map());
    for (const [role, series] of sources) {
      if (role !== 't1ce') volumes.set(role, await readVolume(series, () => {}));
    }
  }
  return volumes;
}

beforeAll(async () => {
  models = await openModels(
    { bundle: bundleFolder('bundle'), regionBundle: bundleFolder('brain-bundle') },
    folderReader,
  );
});
afterAll(() => executor.release());

describe('the preflight with the model that ships', () => {
  it('finds nothing unusual in a simulated head', async () => {
    const volumes = await headVolumes();
    const { report, pixels } = await preflightOf(volumes, 't1ce', models, executor);
    expect(coded(report.checks.filter(({ level }) => level !== 'green'))).toEqual([]);
    expect(pixels.features?.sources.size).toBe(3);
    if (!pixels.region) throw new Error('No brain was found.');
    inputs = { volumes, region: pixels.region };
  });

  it.each([['T1 and T2 exchanged', 'fit', /^preflight\/unusual/]])(
    '%s is amber: %s',
    async (name, id, text) => {
      const volumes = BREAKAGES.find(breakage => breakage.name === name)?.broken(inputs, undefined);
      if (!volumes) throw new Error(`The head cannot be broken so: ${name}.`);
      const { report } = await preflightOf(volumes, 't1ce', models, executor);
      const found = coded(report.checks).find(check => check.id === id);
      expect(found?.level).toBe('amber');
      expect(found?.text).toMatch(text);
    },
  );
});
