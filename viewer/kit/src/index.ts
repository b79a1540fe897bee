export { addKit } from './add';
export { checkKit } from './check';
export { listFiles } from './files';
export { checkPluginsBuilt, distOf, PACKAGE_NAMES, type PluginKind, publicFolder } from './plugins';
export { describeError, UserError } from './userError';
