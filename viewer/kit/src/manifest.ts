/** What the kit wrote into a folder: `modality-synthesis-kit.json` in it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from './userError';

export const MANIFEST = 'modality-synthesis-kit.json';
/** Folder of the kit's own files: scripts of the page, originals of changed files. */
export const KIT_FOLDER = 'modality-synthesis-kit';
/** The site's own configuration, which it edits as it likes. */
export const SITE_CONFIG = 'app-config.js';

const fileInfo = z.object({ bytes: z.number(), sha256: z.string() });

const manifest = z.object({
  /** Version of the kit. */
  kit: z.string(),
  /** URL path under which the folder is to be served. */
  base: z.string(),
  /** The viewer's script whose worker decodes compressed images: it alone needs `unsafe-eval`. */
  decoder: z.string().optional(),
  /** Files that the viewer did not have, by path; with `/` on every system. */
  added: z.record(z.string(), fileInfo),
  /** Files of the viewer that the kit changed; the original lies in the same folder. */
  changed: z.record(z.string(), fileInfo.extend({ original: z.string(), originalSha256: z.string() })),
  /** The viewer's other files, as the kit found them, without its configuration. */
  unchanged: z.record(z.string(), fileInfo),
  /** SHA-256 of the configuration that the viewer came with. */
  siteConfig: z.string().optional(),
});

export type FileInfo = z.infer<typeof fileInfo>;
export type KitManifest = z.infer<typeof manifest>;

/** @returns undefined for a folder without a kit; @throws UserError for a damaged manifest */
export function readManifest(folder: string): KitManifest | undefined {
  const file = path.join(folder, MANIFEST);
  if (!existsSync(file)) return undefined;
  try {
    return manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new UserError(`${file} is damaged: add the kit to the viewer again.`, { cause });
  }
}

/** @throws UserError for a folder without a kit, or with a damaged manifest */
export function requireManifest(folder: string): KitManifest {
  const found = readManifest(folder);
  if (!found) throw new UserError(`${folder} has no ${MANIFEST}: it is not a folder that the kit wrote.`);
  return found;
}
