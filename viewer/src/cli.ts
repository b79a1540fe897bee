/** Command line of the viewer: see USAGE. */
import { parseArgs } from 'node:util';
import { type RunningViewer, startViewer } from './server';
import { describeError, UserError } from './userError';

const USAGE = `Usage: viewer --study FOLDER [--study FOLDER ...] [--port N]
       viewer --pacs URL [--port N]

Opens the OHIF viewer with the synthesis extension and mode, on this machine only.

  --study FOLDER  a folder with DICOM files; may be given several times
  --pacs URL      use a PACS with DICOMweb under URL/dicom-web (Orthanc: http://localhost:8042)
  --port N        default 3000`;

async function main(): Promise<void> {
  const { values } = readArguments();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { study = [], pacs } = values;
  if (!study.length && !pacs) throw new UserError(`Say what to show.\n\n${USAGE}`);
  const port = Number(values.port ?? '3000');
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new UserError(`${values.port} is not a port.`);

  const viewer = await startViewer({ studies: study, pacs, port });
  for (const warning of viewer.warnings) console.warn(warning);
  printAddresses(viewer);
  const stop = () => void viewer.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        study: { type: 'string', multiple: true },
        pacs: { type: 'string' },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function printAddresses({ url, studies }: RunningViewer): void {
  console.log(`Study list:     ${url}/`);
  for (const { uid, patientName, description } of studies) {
    console.log(`\n${[patientName, description].filter(Boolean).join(', ') || uid}`);
    console.log(`  synthesis:    ${url}/synthesis?StudyInstanceUIDs=${uid}`);
    console.log(`  stock viewer: ${url}/viewer?StudyInstanceUIDs=${uid}`);
  }
  console.log('\nCtrl-C ends it.');
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
