import path from 'node:path';
import { fileURLToPath } from 'node:url';
import CopyPlugin from 'copy-webpack-plugin';
import webpack from 'webpack';
import { fuseMultiplyAdd } from './scripts/fuseMultiplyAdd.mjs';
import { ShippedParts } from './scripts/ShippedParts.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const extensionName = 'ohif-extension-modality-synthesis';
const modeName = 'ohif-mode-modality-synthesis';

/**
 * Modules the host provides at run time, by full package name (OHIF 3.14's plugin contract). Not gl-matrix: OHIF's build
 * keeps only the functions OHIF uses, and ours are pure and small.
 */
const isHostModule = request =>
  ['react', 'react-dom', 'react/jsx-runtime', 'dcmjs'].includes(request) ||
  /^@(ohif|cornerstonejs)\//.test(request);

const base = (folder, format) => ({
  name: `${folder}:${format}`,
  context: path.join(root, folder),
  entry: './src/index',
  devtool: 'source-map',
  performance: { hints: false },
  stats: 'errors-warnings',
  module: {
    rules: [
      {
        resourceQuery: /served/,
        loader: path.join(root, 'webpack.worker.cjs'),
        options: { publicPath: `../public/${extensionName}` },
      },
      {
        test: /\.tsx?$/,
        resourceQuery: { not: [/served/] },
        loader: 'esbuild-loader',
        options: { target: 'es2022', jsx: 'automatic' },
      },
    ],
  },
  resolve: {
    extensions: ['.tsx', '.ts', '.js'],
    // An exports field does not match a request with a query.
    alias: { '@modality-synthesis/engine/web/worker': path.join(root, 'engine/src/web/worker.ts') },
  },
});

const umd = (folder, name) => ({
  ...base(folder, 'umd'),
  output: {
    path: path.join(root, folder, 'dist'),
    filename: 'index.umd.js',
    library: { name, type: 'umd', export: 'default' },
    globalObject: "typeof self !== 'undefined' ? self : this",
  },
  externals: [
    ({ request }, done) =>
      isHostModule(request)
        ? done(null, { commonjs: request, commonjs2: request, amd: request, root: request })
        : done(),
  ],
});

const esm = folder => ({
  ...base(folder, 'esm'),
  experiments: { outputModule: true },
  output: {
    path: path.join(root, folder, 'dist'),
    filename: 'index.mjs',
    module: true,
    library: { type: 'module' },
  },
  externals: [({ request }, done) => (isHostModule(request) ? done(null, `module ${request}`) : done())],
});

/** For browsers with relaxed SIMD; a new version of the runtime in which little is fused is looked at first. */
function withFusedMultiplyAdd(content, file) {
  const { wasm, fused } = fuseMultiplyAdd(content);
  if (fused < 100) throw new Error(`Only ${fused} products were fused in ${file}.`);
  return Buffer.from(wasm);
}

/** What must be served beside the extension: onnxruntime-web and the model bundles. */
const publicFiles = new CopyPlugin({
  patterns: [
    ...['ort.jspi.min.mjs', 'ort.webgpu.min.mjs', 'ort-wasm-simd-threaded.{jspi,asyncify}.{mjs,wasm}'].map(
      from => ({
        from,
        context: path.join(root, 'node_modules/onnxruntime-web/dist'),
        to: path.join(root, 'extension/public', extensionName, 'ort'),
        // As published: nothing of the runtime is minified again.
        info: { minimized: true },
      }),
    ),
    {
      from: 'ort-wasm-simd-threaded.{jspi,asyncify}.wasm',
      context: path.join(root, 'node_modules/onnxruntime-web/dist'),
      to: path.join(root, 'extension/public', extensionName, 'ort/[name].fma[ext]'),
      transform: withFusedMultiplyAdd,
    },
    {
      from: '*/{bundle.json,{fp32,fp16,wasm}/*.onnx,weights/*.bin,MODEL_CARD.md}',
      context: path.join(root, 'models/bundles'),
      to: path.join(root, 'extension/public', extensionName, 'bundles'),
    },
  ],
});

/** The command line that adds the plugins to a prebuilt viewer. */
const onNode = base('viewer/kit', 'node');
const kit = {
  ...onNode,
  target: 'node20',
  entry: './src/main',
  experiments: { outputModule: true },
  output: { path: path.join(root, 'viewer/kit/dist'), filename: 'kit.mjs', module: true },
  // Its own place is asked for when it runs.
  module: { ...onNode.module, parser: { javascript: { createRequire: false, importMeta: false } } },
};

/** Scripts that the kit writes into the page, as they are. */
const pageScripts = new CopyPlugin({
  patterns: [{ from: '*.js', context: path.join(root, 'viewer/kit/src'), info: { minimized: true } }],
});
const executable = new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true, test: /\.mjs$/ });

const shippedParts = new ShippedParts({ root, folder: path.join(root, 'extension/public', extensionName) });

export default [
  { ...umd('extension', extensionName), plugins: [publicFiles, shippedParts] },
  { ...esm('extension'), plugins: [shippedParts] },
  { ...umd('mode', modeName), plugins: [shippedParts] },
  { ...esm('mode'), plugins: [shippedParts] },
  { ...kit, plugins: [pageScripts, executable, shippedParts] },
];
