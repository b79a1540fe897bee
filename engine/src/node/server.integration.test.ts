import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { STORED_UNIT } from '../dicom/storedImage';
import { METHODS } from '../methods';
import { type PhantomSeries, writePhantomStudy } from '../testing/phantomStudy';
import { recordingConsole } from '../testing/recordingConsole';
import { hasTriton, startTriton } from '../testing/startTriton';
import { temporaryFolder, UNSERVED_BUNDLE } from '../testing/tools';
import { bundleFolder } from './bundleFolder';
import { main } from './cli';
import { exportServer } from './exportServer';
import { readDerivedImage, storedValues } from './readDerivedImage';

const BUNDLE = bundleFolder('bundle', undefined, 'cdm-tiny');

let root: string;
let cleanUp: () => Promise<void>;
beforeAll(async () => {
  ({ folder: root, cleanUp } = await temporaryFolder());
  const small: PhantomSeries = { role: 't1', dims: [45, 55, 24], spacing: [4, 4, 7] };
  await writePhantomStudy(path.join(root, 'study'), { number: 71, series: [small] });
});
afterAll(() => cleanUp());

async function run(out: string, ...args: string[]) {
  const { written, console } = recordingConsole();
  const common = ['--study', path.join(root, 'study'), '--target', 'flair', '--out', path.join(root, out)];
  const code = await main([...common, '--bundle', BUNDLE, '--json', '--accept-warnings', ...args], console);
  return { code, ...written };
}

/** A server that answers so; its address, and what it was asked. */
async function serving(answer: RequestListener): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('--server', () => {
  it('names a server without the model, before a study is read', async () => {
    const { host, asked } = await serving((_, response) => response.writeHead(404).end());
    const { code, out, err } = await run('none', '--server', `http://${host}`, '--send-images');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`The server ${host} has nothing at`);
    expect(err).not.toContain('%');
    expect(asked).toEqual(['GET /v2']);
  });

  it('asks no server that may not have the images, or for a model that cannot run there', async () => {
    const { host, asked } = await serving((_, response) => response.end('{}'));
    const silent = await run('silent', '--server', `http://${host}`);
    expect(silent.code).toBe(1);
    expect(silent.err).toContain(`${host}: agree to it by --send-images`);
    const other = await run(
      'ccdm',
      '--server',
      `http://${host}`,
      '--send-images',
      '--bundle',
      UNSERVED_BUNDLE,
    );
    expect(other.code).toBe(1);
    expect(other.err).toContain(`cannot run on ${host}`);
    expect(asked).toEqual([]);
  });

  it.runIf(hasTriton())(
    'makes an image and a sample on a real Triton, and the records say so',
    async () => {
      const models = path.join(root, 'models');
      await exportServer({ bundle: BUNDLE, out: models, datatype: 'FP32' });
      const triton = await startTriton(models);
      onTestFinished(triton.close);
      const targets = ['--target', 'flair,t1ce:sample=2', '--seed', '7'];
      const there = await run('there', ...targets, '--server', triton.url, '--send-images');
      expect(there.code, there.err).toBe(0);
      const server = { url: triton.url, model: 'cdm-tiny', version: '1', datatype: 'FP32' };
      const report = JSON.parse(there.out);
      expect(report).toMatchObject({ provider: 'server', server });
      const here = await run('here', ...targets);
      expect(here.code, here.err).toBe(0);
      expect(JSON.parse(here.out)).not.toHaveProperty('server');
      const ran = { runtime: 'open-inference-protocol', provider: 'server', server };
      for (const [n, made] of [{}, { seed: 7, parameters: { sample: 2 } }].entries()) {
        const [image, own] = [report, JSON.parse(here.out)].map(({ outputs }) => outputs[n].files[12]);
        const { record, instance } = await readDerivedImage(image, METHODS);
        expect(record).toMatchObject({ ...ran, ...made });
        const [a, b] = [await storedValues(image, instance), await storedValues(own, instance)];
        expect(Array.from(a).some(v => v > 0)).toBe(true);
        const difference = Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i])));
        expect(difference / STORED_UNIT).toBeLessThan(1e-3);
      }
    },
    120_000,
  );
});
