export { addKit } from './add';
export { checkKit } from './check';
export { removeKit } from './remove';
