export { addKit } from './add';
export { checkKit } from './check';
export { listFiles } from './files';
