import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../bundle/fields';
import { inDomain } from '../../domains';
import { tinyManifest } from '../../testing/tinyManifest';
import { cdmManifestSchema, networkNames } from './manifest';

/** The manifest with the value at a path replaced; undefined removes it. */
function changed(path: string, value: unknown): unknown {
  const json = tinyManifest() as unknown as Record<string, unknown>;
  const keys = path.split('/');
  const last = keys.pop()!;
  let at = json;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return json;
}

const parse = (json: unknown, where = 'https://site/bundle.json') =>
  parseManifest(inDomain(cdmManifestSchema), json, where);

describe('parseManifest', () => {
  it('accepts a good manifest as it is, with or without other graphs', () => {
    expect(parse(tinyManifest())).toEqual(tinyManifest());
    const all = tinyManifest();
    all.files.fp16 = all.files.fp32;
    all.files.wasm = all.files.fp32;
    expect(parse(all)).toEqual(all);
  });

  it('accepts a manifest of format 3', () => {
    const old = { ...tinyManifest(), format: 'modality-synthesis-bundle/3' };
    expect(parse(old)).toEqual(tinyManifest());
  });

  it('accepts a manifest of format 2, which names no domain', () => {
    const { domain: _, roles: contrasts, ...others } = tinyManifest();
    const old = { ...others, format: 'modality-synthesis-bundle/2', contrasts };
    expect(parse(old)).toEqual(tinyManifest());
    expect(() => parse({ ...old, contrasts: ['t1', 'pd'] })).toThrow('roles.1');
  });

  it.each([
    ['format', 'modality-synthesis-bundle/1', 'format'],
    ['id', 'Not an id', 'id'],
    ['version', '1.2', 'version'],
    ['method', 'brain-extraction', 'method'],
    ['not_for', 'patients', 'not_for'],
    ['license', '', 'license'],
    ['license', undefined, 'license'],
    ['domain', 'abdomen-ct', 'domain'],
    ['domain', undefined, 'domain'],
    ['roles', ['t1', 'pd'], 'roles.1'],
    ['roles', ['t1'], 'roles'],
    ['normalization/region', 'liver', 'normalization.region'],
    ['grid/spacing', [1, 1], 'grid.spacing'],
    ['grid/spacing', [1, -1, 1], 'grid.spacing.1'],
    ['grid/size', [192.5, 192], 'grid.size.0'],
    ['grid/slab', 0, 'grid.slab'],
    ['normalization/ceiling', '1.25', 'normalization.ceiling'],
    ['normalization/lower_percentile', 100, 'normalization.lower_percentile'],
    ['scheduler/alpha_bar', [0.5], 'scheduler.alpha_bar'],
    ['scheduler/alpha_bar', [0.5, 1.5], 'scheduler.alpha_bar.1'],
    ['scheduler/diffusion_steps', undefined, 'scheduler.diffusion_steps'],
    ['guidance', 'magic', 'guidance'],
    ['samples', 0, 'samples'],
    ['members', 0, 'members'],
    ['members', 3, 'networks.cunet-encoder-2'],
    ['unguided', [2], 'unguided.0'],
    ['uncertainty/factor/t2', undefined, 'uncertainty.factor.t2'],
    ['uncertainty/factor/t2', -1, 'uncertainty.factor.t2'],
    ['indeterminate', { t1ce: { output: 'enhancement', above: 2, text: '?' } }, 'indeterminate.t1ce.above'],
    ['indeterminate', { t1ce: { output: 'lesions', above: 0.5, text: '?' } }, 'indeterminate.t1ce.output'],
    ['white_matter', { t1: 0 }, 'white_matter.t1'],
    ['networks/mdn-t2', undefined, 'networks.mdn-t2'],
    ['files/fp32/cunet-decoder-1', undefined, 'files.fp32.cunet-decoder-1'],
    ['files/fp16', { 'mrm-t1': {} }, 'files.fp16.mrm-t1.path'],
    ['files/wasm', { 'mrm-t1': {} }, 'files.wasm.mrm-t1.path'],
    ['self_test/networks/mrm-t1', undefined, 'self_test.networks.mrm-t1'],
    ['self_test/networks/mrm-t1', { tokens: [1, 2] }, 'self_test.networks.mrm-t1.tokens'],
    ['files/fp32/mrm-t1/sha256', 'abc', 'files.fp32.mrm-t1.sha256'],
    ['files/fp32/mrm-t1/bytes', -1, 'files.fp32.mrm-t1.bytes'],
  ])('names %s when it is %j', (path, value, field) => {
    const parsing = () => parse(changed(path, value));
    expect(parsing).toThrow(expect.objectContaining({ code: 'bundle-invalid' }));
    expect(parsing).toThrow(`bundle/invalid("https://site/bundle.json", "${field}"`);
  });

  it.each(['/etc/passwd', 'fp32//a.onnx', 'https://elsewhere/a.onnx', 'a b.onnx', ''])(
    'refuses the file path %j',
    path => {
      expect(() => parse(changed('files/fp32/mrm-t1/path', path))).toThrow('files.fp32.mrm-t1.path');
    },
  );

  it('refuses keys it does not know', () => {
    expect(() => parse(changed('grid/spaceing', [1, 1, 1]))).toThrow('spaceing');
  });

  it.each([null, 'text', []])('refuses %j as a manifest', json => {
    expect(() => parse(json)).toThrow('(root)');
  });
});

describe('networkNames', () => {
  it('lists an MRM and an MDN a contrast and a C-UNet a member', () => {
    expect(networkNames(['t1', 'flair'], 2)).toEqual([
      'mrm-t1',
      'mdn-t1',
      'mrm-flair',
      'mdn-flair',
      'cunet-encoder-0',
      'cunet-decoder-0',
      'cunet-encoder-1',
      'cunet-decoder-1',
    ]);
  });
});
