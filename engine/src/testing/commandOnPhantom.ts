import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../node/cli';
import { writePhantomStudy } from './phantomStudy';
import { recordingConsole } from './recordingConsole';
import { temporaryFolder } from './tools';

/**
 * The command line on a phantom study of its own, in a folder that `cleanUp` removes.
 * @param bundle name of one of this repository
 */
export async function commandOnPhantom(bundle: string, study: Parameters<typeof writePhantomStudy>[1]) {
  const { folder, cleanUp } = await temporaryFolder();
  await writePhantomStudy(path.join(folder, 'study'), study);
  const bundles = fileURLToPath(new URL('../../../models/bundles/', import.meta.url));
  const given = ['--study', path.join(folder, 'study'), '--bundle', path.join(bundles, bundle), '--json'];
  const run = async (...args: string[]) => {
    const { written, console } = recordingConsole();
    return { code: await main([...given, ...args], console), ...written };
  };
  return { folder, run, cleanUp };
}
