import type { Datatype } from '../backends/oip/binaryTensors';
import type { BaseManifest } from '../bundle/fields';

/** What `config.pbtxt` of a model says besides what its bundle says. */
export interface ServerConfig {
  manifest: Pick<BaseManifest, 'id' | 'grid'>;
  /** SHA-256 of bundle.json by version. */
  versions: ReadonlyMap<number, string>;
  /** In which images and results travel. */
  datatype: Exclude<Datatype, 'INT32'>;
  /** Most slices of one request. */
  slices: number;
}

/**
 * config.pbtxt of NVIDIA Triton for a model that `synthesis/methods/cdm/serve.py` runs. Requests are not put
 * together: the slices of each fill the graphs' batch already.
 */
export function serverConfig({ manifest, versions, datatype, slices }: ServerConfig): string {
  const [rows, columns] = manifest.grid.size;
  const type = `TYPE_${datatype}`;
  const tensor = (name: string, data: string, dims: number[], more = '') =>
    `  { name: "${name}" data_type: ${data} dims: [ ${dims.join(', ')} ]${more} }`;
  const maps = [-1, -1, -1, -1];
  // One of a sample has no images, one of images no maps.
  const optional = (name: string, data: string, dims: number[]) =>
    tensor(name, data, dims, ' optional: true');
  const parameters = [
    ...[...versions].map(([version, sha256]) => [`sha256-${version}`, sha256]),
    ['slices', String(slices)],
  ];
  return `# Written by npm run export-server.
name: "${manifest.id}"
backend: "python"
max_batch_size: 0
version_policy { all { } }
input [
${[
  tensor('sources', 'TYPE_INT32', [-1]),
  tensor('targets', 'TYPE_INT32', [-1]),
  optional('images', type, [-1, -1, rows, columns]),
  optional('slices', 'TYPE_INT32', [-1]),
  optional('keys', 'TYPE_INT32', [-1]),
  ...['maps', 'features', 'tokens', 'valid', 'noise'].map(name => optional(name, type, maps)),
].join(',\n')}
]
output [
${[
  tensor('mean', type, [-1, -1, rows, columns]),
  tensor('scale', type, [-1, -1, rows, columns]),
  tensor('lesion', type, [-1, -1, rows / 2, columns / 2]),
  ...['features', 'tokens', 'clean'].map(name => tensor(name, type, maps)),
].join(',\n')}
]
instance_group [ { count: 1 } ]
${parameters.map(([key, value]) => `parameters { key: "${key}" value { string_value: "${value}" } }`).join('\n')}
`;
}
