export { ensureViewer, type ViewerVersion } from '../setup';
export { addKit } from './add';
export { listFiles } from './files';
