/** Serves the prebuilt OHIF viewer with our plugins on 127.0.0.1, for demo, development and tests. */
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express, { type Express, type RequestHandler } from 'express';
import { type PluginKind, UserError } from '../kit/src';
import { textOf } from './dicomJson';
import { DICOMWEB_ROOT, dicomwebRouter, WADO_URI_ROOT } from './dicomweb';
import { pacsProxy } from './pacsProxy';
import { paths } from './paths';
import { ensureViewer, type ViewerVersion } from './setup';
import { indexStudies, type StudyIndex } from './studyIndex';
import { viewerWithKit } from './viewerWithKit';

export type { PluginKind } from '../kit/src';

export interface ViewerOptions {
  /** Folders with DICOM files, read once at the start. */
  studies: string[];
  /** Address of a PACS (its DICOMweb under /dicom-web, WADO-URI under /wado) to use instead of `studies`. */
  pacs?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** COOP and COEP headers, which WebAssembly threads need. Default: true. */
  crossOriginIsolated?: boolean;
  /** JavaScript to run after the app config, for instance `window.config.modalitySynthesis = {...}`. */
  appConfig?: string;
  /** Plugins that the kit adds to OHIF; with none of them OHIF is as published. Default: both. */
  plugins?: PluginKind[];
  /** Version of OHIF. Default: that of the demo. */
  version?: ViewerVersion;
}

export interface StudySummary {
  uid: string;
  patientName: string;
  description: string;
}

export interface RunningViewer {
  /** Origin without a trailing slash. */
  url: string;
  port: number;
  /** The studies read from folders; empty with a PACS. */
  studies: StudySummary[];
  /** Messages about excluded files. */
  warnings: string[];
  /** Closes the server and its connections. */
  close(): Promise<void>;
}

/**
 * Starts the viewer on 127.0.0.1.
 * @throws UserError with a remedy: no viewer, a plugin that is not built, a missing folder, or a port in use
 */
export async function startViewer(options: ViewerOptions): Promise<RunningViewer> {
  const {
    studies,
    pacs,
    port = 0,
    crossOriginIsolated = true,
    appConfig = '',
    plugins = ['extension', 'mode'],
    version,
  } = options;
  if (pacs && studies.length) throw new UserError('Give either folders with studies or a PACS, not both.');
  const folder = plugins.length ? await viewerWithKit(plugins, version) : await ensureViewer(version);
  const index: StudyIndex = pacs ? { studies: [], warnings: [] } : await indexStudies(studies, DICOMWEB_ROOT);

  const app = express().disable('x-powered-by');
  app.use(onlyThisMachine);
  if (crossOriginIsolated) app.use(isolate);
  if (pacs) {
    const proxy = pacsProxy(pacsAddress(pacs));
    app.use((request, response, next) => {
      const isDicom = request.path.startsWith(`${DICOMWEB_ROOT}/`) || request.path === WADO_URI_ROOT;
      if (isDicom) proxy(request, response, next);
      else next();
    });
  } else app.use(dicomwebRouter(index));
  await serveViewer(app, folder, `${await readFile(paths.appConfig, 'utf8')}\n${appConfig}`);

  return listen(app, port, {
    studies: index.studies.map(({ uid, series }) => ({
      uid,
      patientName: textOf(series[0].files[0].metadata, '00100010'),
      description: textOf(series[0].files[0].metadata, '00081030'),
    })),
    warnings: index.warnings,
  });
}

async function serveViewer(app: Express, folder: string, appConfig: string): Promise<void> {
  const page = await readFile(path.join(folder, 'index.html'), 'utf8');
  app.get('/app-config.js', (_request, response) => void response.type('text/javascript').send(appConfig));
  app.use(express.static(folder, { index: false, setHeaders }));
  // OHIF routes in the browser: any path that is not a file is the page; a missing file is 404.
  app.use((request, response) => {
    if (request.method === 'GET' && path.extname(request.path) === '') response.type('html').send(page);
    else response.status(404).type('text').send('Not found.');
  });
}

function setHeaders(response: { setHeader(name: string, value: string): void }, file: string): void {
  if (file.endsWith('.wasm')) response.setHeader('Content-Type', 'application/wasm');
  if (file.endsWith('.onnx')) response.setHeader('Content-Type', 'application/octet-stream');
  // Files change during development: the browser revalidates them.
  response.setHeader('Cache-Control', 'no-cache');
}

/** Refuses other host names: by DNS rebinding a foreign web page could read patients' data. */
const onlyThisMachine: RequestHandler = (request, response, next) => {
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) next();
  else response.status(403).type('text').send('This viewer answers on localhost only.');
};

const isolate: RequestHandler = (_request, response, next) => {
  response.set({
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  next();
};

function pacsAddress(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:')
    throw new UserError(`${text} is not the http address of a PACS.`);
  return address;
}

function listen(
  app: Express,
  port: number,
  about: Pick<RunningViewer, 'studies' | 'warnings'>,
): Promise<RunningViewer> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, '127.0.0.1');
    server.once('listening', () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve({
        ...about,
        url: `http://127.0.0.1:${taken}`,
        port: taken,
        close: () =>
          new Promise((closed, failed) => {
            server.close(error => (error ? failed(error) : closed()));
            server.closeAllConnections();
          }),
      });
    });
    server.once('error', cause => {
      const isTaken = 'code' in cause && cause.code === 'EADDRINUSE';
      reject(isTaken ? new UserError(`Port ${port} is taken: choose another with --port.`) : cause);
    });
  });
}
