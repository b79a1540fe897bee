import { describe, expect, it } from 'vitest';
import { shimSource } from './hostModules';

describe('shimSource', () => {
  it('gives a CommonJS module as default and by name', () => {
    expect(shimSource({ id: 5, kind: 'commonjs', exports: { useState: 'useState' } })).toBe(
      [
        "import { requireHost } from '/host/runtime.mjs';",
        'const host = await requireHost(5);',
        'export default host;',
        'export const useState = host["useState"];',
        '',
      ].join('\n'),
    );
  });

  it('gives an ES module its public names', () => {
    const source = shimSource({ id: 6, kind: 'esm', exports: { CineService: 'xx', default: 'Ay' } });
    expect(source).toContain('export const CineService = host["xx"];');
    expect(source).toContain('const fallback = host["Ay"];\nexport default fallback;');
  });

  it('adds members of the default export which are no exports', () => {
    const source = shimSource({ id: 6, kind: 'esm', exports: { utils: 'Wp', default: 'Ay' } }, [
      'utils',
      'viewer',
    ]);
    expect(source).toContain('export const viewer = fallback["viewer"];');
    expect(source.match(/export const utils/g)).toHaveLength(1);
  });

  it('has no default export where the module has none', () => {
    expect(shimSource({ id: 7, kind: 'esm', exports: { cache: 'cache' } })).not.toContain('default');
  });
});
