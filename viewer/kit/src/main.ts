/** Command line of the kit: see USAGE. */
import { parseArgs } from 'node:util';
import { type Added, addKit } from './add';
import { checkKit } from './check';
import { MANIFEST, SITE_CONFIG } from './manifest';
import { removeKit } from './remove';
import { describeError, UserError } from './userError';

const USAGE = `Usage: ohif-modality-synthesis-kit COMMAND

  add --viewer DIST --out DIR [--base /viewer/] [--bundle FOLDER]... [--no-mode]
      Writes to DIR the prebuilt OHIF in DIST with the extension. DIR is new, or an older kit's, or DIST.
      --base     the path under which DIR is served; default: the one OHIF was built for
      --bundle   a further bundle of networks, which ${SITE_CONFIG} can choose
      --no-mode  only the extension: the panel in OHIF's own modes
  check DIR
      Compares every file with ${MANIFEST} in DIR.
  remove DIR
      Takes the extension out of DIR again: what is left is the viewer, to the byte.
`;

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [command, folder, ...rest] = positionals;
  if (values.help || !command) {
    console.log(USAGE);
    if (!values.help) process.exitCode = 2;
    return;
  }
  if (command === 'add' && !folder) return add(values);
  if (folder && !rest.length) {
    if (command === 'check') return check(folder);
    if (command === 'remove') return remove(folder);
  }
  throw new UserError(USAGE);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        viewer: { type: 'string' },
        out: { type: 'string' },
        base: { type: 'string' },
        bundle: { type: 'string', multiple: true },
        'no-mode': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

async function add(values: ReturnType<typeof readArguments>['values']): Promise<void> {
  const { viewer, out, base, bundle } = values;
  if (!viewer || !out) throw new UserError(`Give --viewer and --out.\n\n${USAGE}`);
  print(
    await addKit({
      viewer,
      out,
      base,
      bundles: bundle,
      plugins: values['no-mode'] ? ['extension'] : ['extension', 'mode'],
    }),
  );
}

function print({ manifest, keptConfig }: Added): void {
  const { added, changed, unchanged, base, decoder } = manifest;
  const list = (files: typeof added) => {
    for (const [name, { bytes, sha256 }] of Object.entries(files))
      console.log(`${sha256}  ${String(bytes).padStart(9)}  ${name}`);
  };
  console.log('Added (SHA-256, bytes, file):');
  list(added);
  console.log('Changed; the originals are kept:');
  list(changed);
  const bytes = Object.values(added).reduce((sum, file) => sum + file.bytes, 0);
  console.log(
    `${Object.keys(added).length} files added, ${bytes} bytes; ${Object.keys(changed).length} changed; ` +
      `${Object.keys(unchanged).length} of the viewer are as they were. To be served under ${base}.`,
  );
  if (decoder) console.log(`Its worker that decodes compressed images: ${decoder}.`);
  if (keptConfig) console.log(`${SITE_CONFIG} had been edited: it was kept.`);
}

async function check(folder: string): Promise<void> {
  const differences = await checkKit(folder);
  for (const { file, what } of differences) console.log(`${what}: ${file}`);
  if (differences.length) {
    console.log(`${differences.length} files differ from ${MANIFEST}.`);
    process.exitCode = 1;
  } else console.log(`Every file is as ${MANIFEST} says.`);
}

async function remove(folder: string): Promise<void> {
  const { added, changed } = await removeKit(folder);
  console.log(
    `${Object.keys(added).length} files removed, ${Object.keys(changed).length} restored: ` +
      `${folder} is the viewer without the extension.`,
  );
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
