import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { mat4 } from 'gl-matrix';
import * as z from 'zod/mini';
import type { BaseManifest } from '../bundle/fields';
import { describeStack } from '../distribution/describeStack';
import { type Features, groupName, groupsOf } from '../distribution/InputFeatures';
import { domainOf, ROLE_IDS } from '../domains';
import type { RoleId } from '../domains/Role';
import { asSynthesisError } from '../errors';
import { english } from '../messages/english';
import { openModel } from '../models';
import { prepare } from '../pipeline/prepare';
import { unusualInputs } from '../preflight/unusualInputs';
import type { Volume } from '../volume/Volume';
import { folderReader } from './bundleFolder';
import type { Console } from './cli';

const USAGE = `Usage: describe-inputs BUNDLE < INPUTS

Features of the inputs of jobs and what the preflight finds unusual in them, for models/training: one
JSON object a line in and out. Their fields stand in engine/src/node/describeInputs.ts.`;

/** What is told of inputs. */
interface Description {
  id: string;
  /** By the name of their group in bundle.json. */
  features: Record<string, Features>;
  /** In English; empty where nothing is unusual or the bundle does not say what is usual. */
  findings: string[];
}

const count = z.int().check(z.positive());
const positive = z.number().check(z.positive());

/** x runs to the left, y to the back, z to the head. */
const volumeSchema = z.strictObject({
  /** uint8, x fastest, then y, then z. */
  file: z.string().check(z.minLength(1)),
  dims: z.tuple([count, count, count]),
  /** Of the voxels, mm. */
  spacing: z.tuple([positive, positive, positive]),
  /** Centre of the first voxel, mm. */
  origin: z.tuple([z.number(), z.number(), z.number()]),
});
const inputSchema = z.strictObject({
  id: z.string(),
  /** On any grids, lying on one another. */
  sources: z.partialRecord(z.enum(ROLE_IDS), volumeSchema),
  reference: z.enum(ROLE_IDS),
  /** 1 in the region, else 0. */
  region: volumeSchema,
});

/**
 * The command line: descriptions on stdout, the one text of a failure on stderr.
 * @param args without node and script
 * @returns the exit code
 */
export async function main(args: readonly string[], { stdout, stderr }: Console): Promise<number> {
  if (args.length !== 1 || args[0].startsWith('-')) {
    stderr.write(`${USAGE}\n`);
    return args[0] === '--help' ? 0 : 1;
  }
  try {
    const folder = path.join(args[0], path.sep);
    const { manifest } = await openModel(folder, folderReader(folder));
    for await (const line of createInterface({ input: process.stdin })) {
      const description = await described(inputSchema.parse(JSON.parse(line)), manifest);
      stdout.write(`${JSON.stringify(description)}\n`);
    }
    return 0;
  } catch (thrown) {
    const { text } = asSynthesisError(thrown, 'source-unreadable', `The inputs are not usable: ${thrown}`);
    stderr.write(`${english(text)}\n`);
    return 1;
  }
}

async function described(
  { id, sources, reference, region }: z.infer<typeof inputSchema>,
  manifest: BaseManifest,
): Promise<Description> {
  const volumes = new Map<RoleId, Volume>();
  for (const [role, file] of Object.entries(sources)) {
    if (file) volumes.set(role, await readVolume(file));
  }
  const { data, ...grid } = await readVolume(region);
  const found = { grid, mask: new Uint8Array(data) };
  const prepared = await prepare(volumes, reference, found, manifest);
  const features = describeStack(prepared.sources, prepared.region, found);
  const { words } = domainOf(manifest.domain);
  return {
    id,
    features: Object.fromEntries(
      groupsOf(features).map(({ roles, features: own }) => [groupName(roles), own]),
    ),
    findings: unusualInputs(features, manifest.input_distribution, words).map(({ text }) => english(text)),
  };
}

async function readVolume({ file, dims, spacing, origin }: z.infer<typeof volumeSchema>): Promise<Volume> {
  const data = new Float32Array(await readFile(file));
  if (data.length !== dims[0] * dims[1] * dims[2]) throw new RangeError(`${file} has another size.`);
  const indexToWorld = mat4.fromTranslation(mat4.create(), origin);
  return { dims, indexToWorld: mat4.scale(indexToWorld, indexToWorld, spacing), data };
}
