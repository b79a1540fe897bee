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
} as const;
