/** Command line of the viewer: see USAGE. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { describeError, UserError } from '../kit/src';
import { OFFERED_MODELS, type RunningDemo, startDemo } from './demo';
import { paths } from './paths';
import { startViewer } from './server';

const USAGE = `Usage: npm start [-- OPTIONS]

Opens the OHIF viewer with the synthesis extension and mode, on this machine only. Without --study or --pacs
it shows the demo study, a head phantom whose FLAIR is missing.

  --study FOLDER  a folder with DICOM files; may be given several times
  --pacs URL      use a PACS with DICOMweb under URL/dicom-web (Orthanc: http://localhost:8042)
  --port N        default 3000
  --open          open the browser
  --no-orthanc    do not start Orthanc even where it is installed
  --help          this text`;

async function main(): Promise<void> {
  const values = readArguments();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { study = [], pacs } = values;
  if (pacs && study.length) throw new UserError('Give either folders with studies or a PACS, not both.');
  const port = Number(values.port ?? '3000');
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new UserError(`${values.port} is not a port: give a number from 1 to 65535.`);
  const starting: Promise<RunningDemo> = pacs
    ? startViewer({ studies: [], pacs, port, appConfig: OFFERED_MODELS }).then(v => ({
        ...v,
        storage: `Studies and results: ${pacs}.`,
      }))
    : startDemo({
        studies: study.length ? study : [paths.demoStudy],
        port,
        appConfig: OFFERED_MODELS,
        orthanc: !values['no-orthanc'],
      });
  // Before the start, so that an interrupted start leaves nothing behind.
  const stop = () =>
    void starting
      .then(
        demo => demo.close(),
        () => {},
      )
      .then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const demo = await starting;
  if (!pacs && demo.studies.length === 0) {
    await demo.close();
    throw new UserError(`${demo.warnings.join(' ')} Give a folder that holds a study with --study.`);
  }
  for (const warning of demo.warnings) console.warn(warning);
  printAddresses(demo);
  if (values.open)
    openBrowser(demo.studies.length === 1 ? studyAddress(demo, demo.studies[0].uid) : demo.url);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        study: { type: 'string', multiple: true },
        pacs: { type: 'string' },
        port: { type: 'string' },
        open: { type: 'boolean' },
        'no-orthanc': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

const studyAddress = ({ url }: { url: string }, uid: string) => `${url}/synthesis?StudyInstanceUIDs=${uid}`;

function printAddresses(demo: RunningDemo): void {
  console.log(`\nStudy list:  ${demo.url}/`);
  for (const { uid, patientName, description } of demo.studies) {
    console.log(`\n${[patientName, description].filter(Boolean).join(', ') || uid}`);
    console.log(`  with the synthesis mode:  ${studyAddress(demo, uid)}`);
    console.log(`  in OHIF's stock mode:     ${demo.url}/viewer?StudyInstanceUIDs=${uid}`);
  }
  console.log(`\n${demo.storage}\nFor research only. Ctrl-C ends it.`);
}

function openBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.once('error', () => console.warn(`No browser could be opened; open ${address} yourself.`));
  child.unref();
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
