// `import source from './x?inline'`: the module bundled with its imports as a string, for a Blob worker. No chunk, no
// public path, so a host that bundles us again cannot break it.
const path = require('node:path');
const esbuild = require('esbuild');

module.exports = function inlineWorker() {
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
  return `export default ${JSON.stringify(result.outputFiles[0].text)};`;
};
