/** Paths in this repository. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Absolute paths; the files may not exist. */
export const paths = {
  /** Downloaded, never committed. */
  viewers: path.join(root, '.viewer'),
  appConfig: path.join(root, 'viewer/app-config.js'),
  demoStudy: path.join(root, 'viewer/demo-study/dicom'),
  /** Files that OHIF's own build copies to the web root: WebAssembly, bundles. */
  extensionPublic: path.join(root, 'extension/public'),
  plugin: {
    extension: path.join(root, 'extension/dist'),
    mode: path.join(root, 'mode/dist'),
  },
} as const;
