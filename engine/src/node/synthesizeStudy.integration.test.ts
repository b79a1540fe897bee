import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { METHODS } from '../methods';
import { stageName } from '../progress';
import { threeSeries, writePhantomStudy } from '../testing/phantomStudy';
import { TINY_BUNDLE, temporaryFolder } from '../testing/tools';
import { filePorts } from './fileJob';
import { StageClock } from './StageClock';
import { synthesizeStudy } from './synthesizeStudy';

it('keeps the networks of a study for the next one where its ports are kept', async () => {
  const { folder, cleanUp } = await temporaryFolder();
  onTestFinished(cleanUp);
  const ports = filePorts(METHODS);
  onTestFinished(() => ports.executor.release());
  const make = async (number: number) => {
    const study = path.join(folder, `study-${number}`);
    await writePhantomStudy(study, { number, series: threeSeries });
    const stages = new Set<string>();
    const { outputs } = await synthesizeStudy(
      {
        ...{ study, out: path.join(folder, `out-${number}`), bundle: TINY_BUNDLE, provider: 'cpu' },
        ...{ targets: [{ id: 't1ce' }], seed: 1, precision: 'fp32', settings: {} },
        ...{ acceptWarnings: true, uncertainty: false, check: false, json: true },
      },
      {
        ...{ clock: new StageClock(), methods: METHODS, ports },
        onStep: step => stages.add(stageName(step)),
      },
    );
    return { stages, image: await readFile(outputs[0].files[12]) };
  };
  const [first, second] = [await make(81), await make(82)];
  expect(first.stages).toContain('download');
  expect(second.stages).toContain('images');
  expect(second.stages).not.toContain('download');
  expect(second.image.length).toBeGreaterThan(1000);
}, 120_000);
