import { describe, expect, it } from 'vitest';
import { sharedModule } from './hostModules';

describe('sharedModule', () => {
  it('takes a CommonJS module as it is', () => {
    expect(sharedModule({ id: 5, kind: 'commonjs', exports: { useState: 'useState' } }, [])).toEqual({
      id: 5,
      exports: null,
      members: [],
    });
  });

  it('adds members of the default export which are no exports', () => {
    const module = { id: 6, kind: 'esm' as const, exports: { utils: 'Wp', default: 'Ay' } };
    expect(sharedModule(module, ['utils', 'viewer'])).toEqual({
      id: 6,
      exports: { utils: 'Wp', default: 'Ay' },
      members: ['viewer'],
    });
  });

  it('has no members where the module has no default export', () => {
    expect(sharedModule({ id: 7, kind: 'esm', exports: { cache: 'cache' } }, ['viewer']).members).toEqual([]);
  });
});
