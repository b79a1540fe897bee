import { describe, expect, it } from 'vitest';
import { tinyManifest } from '../testing/tinyManifest';
import { networkNames, parseManifest } from './manifest';

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

describe('parseManifest', () => {
  it('accepts a good manifest as it is', () => {
    expect(parseManifest(tinyManifest(), 'here')).toEqual(tinyManifest());
  });

  it.each([
    ['format', 'modality-synthesis-bundle/2', 'format'],
    ['id', 'Not an id', 'id'],
    ['version', '1.2', 'version'],
    ['method', 'gan', 'method'],
    ['license', '', 'license'],
    ['license', undefined, 'license'],
    ['contrasts', ['t1', 'pd'], 'contrasts.1'],
    ['contrasts', ['t1'], 'contrasts'],
    ['grid/spacing', [1, 1], 'grid.spacing'],
    ['grid/spacing', [1, -1, 1], 'grid.spacing.1'],
    ['grid/size', [192.5, 192], 'grid.size.0'],
    ['grid/slab', 0, 'grid.slab'],
    ['normalization/ceiling', '1.25', 'normalization.ceiling'],
    ['normalization/lower_percentile', 100, 'normalization.lower_percentile'],
    ['scheduler/alpha_bar', [0.5], 'scheduler.alpha_bar'],
    ['scheduler/alpha_bar', [0.5, 1.5], 'scheduler.alpha_bar.1'],
    ['samples', 0, 'samples'],
    ['networks/mdn-t2', undefined, 'networks.mdn-t2'],
    ['files/fp32/cunet-decoder', undefined, 'files.fp32.cunet-decoder'],
    ['files/fp32/mrm-t1/sha256', 'abc', 'files.fp32.mrm-t1.sha256'],
    ['files/fp32/mrm-t1/bytes', -1, 'files.fp32.mrm-t1.bytes'],
  ])('names %s when it is %j', (path, value, field) => {
    const parse = () => parseManifest(changed(path, value), 'https://site/bundle.json');
    expect(parse).toThrow(expect.objectContaining({ code: 'bundle-invalid' }));
    expect(parse).toThrow(`“${field}”`);
    expect(parse).toThrow('https://site/bundle.json');
  });

  it.each(['/etc/passwd', 'fp32//a.onnx', 'https://elsewhere/a.onnx', 'a b.onnx', ''])(
    'refuses the file path %j',
    path => {
      expect(() => parseManifest(changed('files/fp32/mrm-t1/path', path), '')).toThrow(
        'files.fp32.mrm-t1.path',
      );
    },
  );

  it('refuses keys it does not know', () => {
    expect(() => parseManifest(changed('grid/spaceing', [1, 1, 1]), '')).toThrow('spaceing');
  });

  it.each([null, 'text', []])('refuses %j as a manifest', json => {
    expect(() => parseManifest(json, '')).toThrow('(root)');
  });
});

describe('networkNames', () => {
  it('lists an MRM and an MDN a contrast and the C-UNet', () => {
    expect(networkNames(['t1', 'flair'])).toEqual([
      'mrm-t1',
      'mdn-t1',
      'mrm-flair',
      'mdn-flair',
      'cunet-encoder',
      'cunet-decoder',
    ]);
  });
});
