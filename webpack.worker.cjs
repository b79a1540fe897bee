// `import path from './x?served'`: the module bundled with its imports, a file of the extension's public folder. Exported is
// its name there and its hash, with which a browser never takes an old one. Not a chunk of the host's bundle: a host that
// bundles us again cannot break it, and the start of the viewer does not load it.
const { createHash } = require('node:crypto');
const path = require('node:path');
const esbuild = require('esbuild');

module.exports = function servedWorker() {
  const { publicPath } = this.getOptions();
  const result = esbuild.buildSync({
    entryPoints: [this.resourcePath],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: this.mode === 'production',
  });
  for (const file of Object.keys(result.metafile.inputs)) this.addDependency(path.resolve(file));
  const [{ text }] = result.outputFiles;
  const name = `${path.parse(this.resourcePath).name}.js`;
  this.emitFile(path.join(publicPath, name), text);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `export default ${JSON.stringify(`${name}?${hash}`)};`;
};
