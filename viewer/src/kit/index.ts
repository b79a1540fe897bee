export { addKit } from './add';
export { listFiles } from './files';
